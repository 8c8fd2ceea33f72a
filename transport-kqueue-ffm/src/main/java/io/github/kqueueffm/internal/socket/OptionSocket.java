// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.SocketConstants;
import io.github.kqueueffm.internal.platform.StructLayouts;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A socket's options. Any thread; after the close they throw {@link java.nio.channels.ClosedChannelException}. */
public abstract class OptionSocket extends NativeDescriptor {

    private final SocketProtocolFamily family;

    OptionSocket(SocketSystem system, int fd, SocketProtocolFamily family) {
        super(system, fd);
        this.family = family;
    }

    /** The address family that the socket was made with. */
    public final SocketProtocolFamily family() {
        return family;
    }

    /**
     * The value of an option; 0 or 1 for one that is a flag.
     *
     * @throws UnsupportedOperationException if the platform has no such option
     */
    public final int option(SocketOption option) throws IOException {
        requireSupported(option);
        int level = option.level(system.platform);
        int name = option.optionName(system.platform);
        return switch (option.kind()) {
            case FLAG -> intOption(level, name) == 0 ? 0 : 1;
            case INT -> intOption(level, name);
            case LINGER -> linger(level, name);
            case TRAFFIC_CLASS -> trafficClass(level, name);
        };
    }

    /**
     * Sets an option; 0 or 1 for one that is a flag.
     *
     * @throws UnsupportedOperationException if the platform has no such option
     */
    public final void setOption(SocketOption option, int value) throws IOException {
        requireSupported(option);
        int level = option.level(system.platform);
        int name = option.optionName(system.platform);
        switch (option.kind()) {
            case FLAG, INT -> setIntOption(level, name, value);
            case LINGER -> setLinger(level, name, value);
            case TRAFFIC_CLASS -> setTrafficClass(level, name, value);
        }
    }

    private void requireSupported(SocketOption option) {
        if (!option.isSupported(system.platform)) {
            throw new UnsupportedOperationException(option + " is not available on " + system.platform.id());
        }
    }

    private int linger(int level, int name) throws IOException {
        StructLayouts structs = system.platform.structs();
        enter();
        try {
            ByteBuffer value = get(level, name, structs.lingerSize());
            return value.getInt(structs.lingerOnOff()) == 0 ? -1 : value.getInt(structs.lingerSeconds());
        } finally {
            leave();
        }
    }

    private void setLinger(int level, int name, int seconds) throws IOException {
        StructLayouts structs = system.platform.structs();
        enter();
        try {
            NativeMemory value = system.scratch().value(structs.lingerSize());
            value.buffer().putInt(structs.lingerOnOff(), seconds < 0 ? 0 : 1);
            value.buffer().putInt(structs.lingerSeconds(), Math.max(seconds, 0));
            check("setsockopt", syscalls.setsockopt(intValue(), level, name, value.address(), structs.lingerSize()));
        } finally {
            leave();
        }
    }

    private int trafficClass(int level, int name) throws IOException {
        SocketConstants constants = system.platform.socket();
        return family == SocketProtocolFamily.INET6
                ? intOption(constants.IPPROTO_IPV6(), constants.IPV6_TCLASS())
                : intOption(level, name);
    }

    private void setTrafficClass(int level, int name, int trafficClass) throws IOException {
        if (family != SocketProtocolFamily.INET6) {
            setIntOption(level, name, trafficClass);
            return;
        }
        SocketConstants constants = system.platform.socket();
        setIntOption(constants.IPPROTO_IPV6(), constants.IPV6_TCLASS(), trafficClass);
        if (system.inet6RefusesTos) {
            return;
        }
        // For mapped addresses Linux sends what IP_TOS says.
        enter();
        try {
            int result = set(level, name, trafficClass);
            Errno errno = system.platform.errno();
            // The BSDs and macOS have no IP_TOS on an AF_INET6 socket (netty/netty#6741): there IPV6_TCLASS is all
            // there is.
            if (result == -errno.EINVAL() || result == -errno.ENOPROTOOPT()) {
                system.inet6RefusesTos = true;
            } else {
                check("setsockopt", result);
            }
        } finally {
            leave();
        }
    }

    /** getsockopt(2) of any option whose value is an int. */
    public final int intOption(int level, int name) throws IOException {
        enter();
        try {
            return get(level, name, Integer.BYTES).getInt(0);
        } finally {
            leave();
        }
    }

    /** setsockopt(2) of any option whose value is an int. */
    public final void setIntOption(int level, int name, int value) throws IOException {
        enter();
        try {
            check("setsockopt", set(level, name, value));
        } finally {
            leave();
        }
    }

    /**
     * getsockopt(2) of any option.
     *
     * @param into is filled from its position on, up to its limit or as far as the kernel has something; its position moves
     *     behind that
     */
    public final void rawOption(int level, int name, ByteBuffer into) throws IOException {
        enter();
        try {
            ByteBuffer value = get(level, name, into.remaining());
            int length = Math.min(system.scratch().length(), into.remaining());
            into.put(into.position(), value, 0, length).position(into.position() + length);
        } finally {
            leave();
        }
    }

    /**
     * setsockopt(2) of any option.
     *
     * @param value what is between its position and its limit; it is left unchanged
     */
    public final void setRawOption(int level, int name, ByteBuffer value) throws IOException {
        enter();
        try {
            int length = value.remaining();
            NativeMemory memory = system.scratch().value(length);
            memory.buffer().put(0, value, value.position(), length);
            check("setsockopt", syscalls.setsockopt(intValue(), level, name, memory.address(), length));
        } finally {
            leave();
        }
    }

    int trySetFastOpen(int value) throws IOException {
        SocketConstants constants = system.platform.socket();
        enter();
        try {
            return set(constants.IPPROTO_TCP(), constants.TCP_FASTOPEN(), value);
        } finally {
            leave();
        }
    }

    int trySetV6Only(boolean on) throws IOException {
        SocketConstants constants = system.platform.socket();
        enter();
        try {
            return set(constants.IPPROTO_IPV6(), constants.IPV6_V6ONLY(), on ? 1 : 0);
        } finally {
            leave();
        }
    }

    /** The memory that holds the value, until the next call of this thread. */
    private ByteBuffer get(int level, int name, int size) throws IOException {
        CallScratch scratch = system.scratch();
        NativeMemory value = scratch.value(size);
        check("getsockopt", syscalls.getsockopt(intValue(), level, name, value.address(), scratch.lengthPointer(size)));
        return value.buffer();
    }

    private int set(int level, int name, int number) {
        NativeMemory value = system.scratch().value(Integer.BYTES);
        value.buffer().putInt(0, number);
        return syscalls.setsockopt(intValue(), level, name, value.address(), Integer.BYTES);
    }
}
