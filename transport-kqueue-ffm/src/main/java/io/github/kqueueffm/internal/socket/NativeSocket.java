// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.FileConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.SocketConstants;
import io.github.kqueueffm.internal.platform.StructLayouts;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A socket descriptor and the calls on it.
 *
 * <p>The calls that move data ({@link #read}, {@link #write}, {@link #writev}, {@link #accept}) and {@link #close} belong to
 * one thread, the event loop's; they answer {@code >= 0} or {@code -errno} and allocate nothing. All others may come from any
 * thread and throw. After {@link #close} no call reaches the kernel, which may have given the number to somebody else: the
 * first kind answers {@code -EBADF}, the second throws {@link ClosedChannelException}. A call of the second kind that runs
 * while another thread closes keeps the descriptor until it has returned.
 */
public final class NativeSocket extends FileDescriptor {

    private static final AtomicIntegerFieldUpdater<NativeSocket> USERS =
            AtomicIntegerFieldUpdater.newUpdater(NativeSocket.class, "users");

    /** Sign bit of {@link #users}. */
    private static final int CLOSED = Integer.MIN_VALUE;

    private final SocketSystem system;
    private final Syscalls syscalls;
    private final SocketProtocolFamily family;
    private final int closedResult;

    /** Number of calls under way in threads other than the event loop's, and {@link #CLOSED}. */
    private volatile int users;

    private volatile boolean inputShutdown;
    private volatile boolean outputShutdown;

    /**
     * Takes over a descriptor that is already non-blocking.
     *
     * @param family the address family it was made with
     */
    public NativeSocket(Binding binding, int fd, SocketProtocolFamily family) {
        this(SocketSystem.of(binding), fd, family);
    }

    NativeSocket(SocketSystem system, int fd, SocketProtocolFamily family) {
        super(fd);
        this.system = system;
        this.syscalls = system.syscalls;
        this.family = family;
        this.closedResult = -system.platform.errno().EBADF();
    }

    /**
     * A new TCP socket, non-blocking and close-on-exec.
     *
     * @param family {@code null} for one that can reach and serve both IP versions where the system has that and
     *     {@code java.net.preferIPv4Stack} does not say otherwise, else for IPv4
     */
    public static NativeSocket newStream(Binding binding, @Nullable SocketProtocolFamily family) throws IOException {
        SocketSystem system = SocketSystem.of(binding);
        return open(system, system.platform.socket().SOCK_STREAM(), family == null ? defaultFamily(system) : family);
    }

    /**
     * Takes over a descriptor of unknown origin: asks the kernel for its family and makes it non-blocking.
     *
     * @throws IOException if it is not an open socket; the descriptor is left as it was
     */
    public static NativeSocket adopt(Binding binding, int fd) throws IOException {
        SocketSystem system = SocketSystem.of(binding);
        AddressScratch scratch = system.scratch().address;
        scratch.reset();
        int result = system.syscalls.getsockname(fd, scratch.address(), scratch.lengthAddress());
        if (result < 0) {
            throw SocketErrors.exception(system.binding, "getsockname", -result);
        }
        SocketProtocolFamily family = system.codec.family(scratch.buffer(), 0);
        if (family == null) {
            throw new UnsupportedAddressTypeException();
        }
        NativeSocket socket = new NativeSocket(system, fd, family);
        socket.setNonBlocking();
        return socket;
    }

    /** The socket of a descriptor that {@link #accept} on this one returned. */
    public NativeSocket accepted(int fd) {
        return new NativeSocket(system, fd, family);
    }

    private static SocketProtocolFamily defaultFamily(SocketSystem system) throws IOException {
        if (NetUtil.isIpV4StackPreferred()) {
            return SocketProtocolFamily.INET;
        }
        Inet6Support inet6 = system.inet6();
        return inet6.usable() && inet6.dualStack() ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET;
    }

    private static NativeSocket open(SocketSystem system, int type, SocketProtocolFamily family) throws IOException {
        SocketConstants constants = system.platform.socket();
        boolean flags = Platform.has(constants.SOCK_NONBLOCK()) && Platform.has(constants.SOCK_CLOEXEC());
        int typeAndFlags = flags ? type | constants.SOCK_NONBLOCK() | constants.SOCK_CLOEXEC() : type;
        int fd = system.syscalls.socket(domain(constants, family), typeAndFlags, 0);
        if (fd < 0) {
            throw SocketErrors.exception(system.binding, "socket", -fd);
        }
        NativeSocket socket = new NativeSocket(system, fd, family);
        try {
            if (!flags) {
                socket.setCloseOnExec();
                socket.setNonBlocking();
            }
            if (family == SocketProtocolFamily.INET6) {
                socket.serveBothVersions();
            }
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static int domain(SocketConstants constants, SocketProtocolFamily family) {
        return switch (family) {
            case INET -> constants.AF_INET();
            case INET6 -> constants.AF_INET6();
            case UNIX -> constants.AF_UNIX();
        };
    }

    private void setCloseOnExec() throws IOException {
        FileConstants file = system.platform.file();
        check("fcntl", syscalls.fcntl(intValue(), file.F_SETFD(), file.FD_CLOEXEC()));
    }

    private void setNonBlocking() throws IOException {
        FileConstants file = system.platform.file();
        int flags = check("fcntl", syscalls.fcntl(intValue(), file.F_GETFL(), 0));
        if ((flags & file.O_NONBLOCK()) == 0) {
            check("fcntl", syscalls.fcntl(intValue(), file.F_SETFL(), flags | file.O_NONBLOCK()));
        }
    }

    private void serveBothVersions() throws IOException {
        Inet6Support inet6 = system.inet6();
        if (inet6.v6OnlyByDefault() && inet6.dualStack()) {
            check("setsockopt", trySetV6Only(false));
        }
    }

    /** The address family that the socket was made with. */
    public SocketProtocolFamily family() {
        return family;
    }

    public Binding binding() {
        return system.binding;
    }

    // Calls of the event loop's thread.

    /**
     * read(2).
     *
     * @return bytes read, 0 at the end of the stream, or {@code -errno}
     */
    public int read(long address, int length) {
        return users < 0 ? closedResult : (int) syscalls.read(intValue(), address, length);
    }

    /**
     * write(2).
     *
     * @return bytes taken by the kernel, or {@code -errno}
     */
    public int write(long address, int length) {
        return users < 0 ? closedResult : (int) syscalls.write(intValue(), address, length);
    }

    /**
     * writev(2).
     *
     * @param iovec address of {@code count} struct iovec
     * @return bytes taken by the kernel, or {@code -errno}
     */
    public long writev(long iovec, int count) {
        return users < 0 ? closedResult : syscalls.writev(intValue(), iovec, count);
    }

    /**
     * Takes one connection: non-blocking, close-on-exec.
     *
     * @param peer is filled with the peer's address; {@link AddressScratch#raw} is {@code null} if the kernel gives none
     * @return the descriptor, for {@link #accepted}, or {@code -errno}
     */
    public int accept(AddressScratch peer) {
        if (users < 0) {
            return closedResult;
        }
        peer.reset();
        return system.acceptor.accept(intValue(), peer.address(), peer.lengthAddress());
    }

    /**
     * Closes the descriptor; at once, or when calls that other threads have under way have returned. Only the first call does
     * anything.
     */
    @Override
    public void close() throws IOException {
        int before;
        do {
            before = users;
            if (before < 0) {
                return;
            }
        } while (!USERS.compareAndSet(this, before, before | CLOSED));
        // The superclass keeps a state of its own, which equals nothing that it lets us read or count with.
        markClosed();
        if (before == 0) {
            closeDescriptor();
        }
    }

    private void closeDescriptor() throws IOException {
        int result = syscalls.close(intValue());
        if (result >= 0) {
            return;
        }
        Errno errno = system.platform.errno();
        // EINTR: the descriptor is gone all the same (close(2) of Linux, NOTES; close(2) of FreeBSD: every error but
        // EBADF), and another close could hit its successor. libuv and Go treat it so on macOS too. ECONNRESET:
        // FreeBSD's way to say that the peer had reset the connection (close(2)). It is gone, as was asked for.
        if (result != -errno.EINTR() && result != -errno.ECONNRESET()) {
            throw SocketErrors.plain(system.binding, "close", -result);
        }
    }

    @Override
    public boolean isOpen() {
        return users >= 0;
    }

    private void enter() throws ClosedChannelException {
        int before;
        do {
            before = users;
            if (before < 0) {
                throw new ClosedChannelException();
            }
        } while (!USERS.compareAndSet(this, before, before + 1));
    }

    private void leave() throws IOException {
        if (USERS.decrementAndGet(this) == CLOSED) {
            // Closed meanwhile, and the thread that closed left it to the last one here.
            closeDescriptor();
        }
    }

    // Calls of any thread.

    /**
     * bind(2).
     *
     * @throws UnsupportedAddressTypeException if the address is none for a socket of this family
     */
    public void bind(SocketAddress address) throws IOException {
        int result = tryBind(internet(address));
        if (result < 0) {
            throw SocketErrors.bind(system.binding, "bind", -result);
        }
    }

    int tryBind(InetSocketAddress address) throws IOException {
        enter();
        try {
            AddressScratch scratch = system.scratch().address;
            int length = system.codec.encode(address, family, scratch.buffer());
            return syscalls.bind(intValue(), scratch.address(), length);
        } finally {
            leave();
        }
    }

    /** listen(2). */
    public void listen(int backlog) throws IOException {
        enter();
        try {
            int result = syscalls.listen(intValue(), backlog);
            if (result < 0) {
                throw SocketErrors.bind(system.binding, "listen", -result);
            }
        } finally {
            leave();
        }
    }

    /**
     * connect(2).
     *
     * @return whether the connection is there; if not, writability will tell that it is or that it failed
     */
    public boolean connect(InetSocketAddress address) throws IOException {
        enter();
        try {
            AddressScratch scratch = system.scratch().address;
            int length = system.codec.encode(address, family, scratch.buffer());
            // A socket that is not connected cannot have been shut down, whatever was tried.
            inputShutdown = false;
            outputShutdown = false;
            int result = syscalls.connect(intValue(), scratch.address(), length);
            if (result >= 0) {
                return true;
            }
            Errno errno = system.platform.errno();
            // EINTR: the attempt goes on, as after EINPROGRESS (POSIX.1-2017, connect()).
            if (result == -errno.EINPROGRESS() || result == -errno.EINTR()) {
                return false;
            }
            throw SocketErrors.connect(system.binding, -result);
        } finally {
            leave();
        }
    }

    /**
     * Takes the pending error of the socket, SO_ERROR.
     *
     * @return positive errno, or 0 if there is none
     */
    public int error() throws IOException {
        SocketConstants constants = system.platform.socket();
        return intOption(constants.SOL_SOCKET(), constants.SO_ERROR());
    }

    /** getsockname(2), {@code null} as long as the socket is not bound. */
    public @Nullable InetSocketAddress localAddress() throws IOException {
        enter();
        try {
            AddressScratch scratch = system.scratch().address;
            scratch.reset();
            check("getsockname", syscalls.getsockname(intValue(), scratch.address(), scratch.lengthAddress()));
            RawAddress raw = scratch.raw();
            // An unbound socket has the wildcard address and port 0; a bound one never has port 0.
            return raw == null || raw.port() == 0 ? null : raw.toInetSocketAddress();
        } finally {
            leave();
        }
    }

    /** getpeername(2), {@code null} if the socket is not connected or no longer. */
    public @Nullable InetSocketAddress remoteAddress() throws IOException {
        enter();
        try {
            AddressScratch scratch = system.scratch().address;
            scratch.reset();
            int result = syscalls.getpeername(intValue(), scratch.address(), scratch.lengthAddress());
            Errno errno = system.platform.errno();
            // EINVAL: macOS, once the socket was shut down; ECONNRESET: FreeBSD, once it was reset (getpeername(2) of
            // both).
            if (result == -errno.ENOTCONN() || result == -errno.EINVAL() || result == -errno.ECONNRESET()) {
                return null;
            }
            check("getpeername", result);
            RawAddress raw = scratch.raw();
            return raw == null ? null : raw.toInetSocketAddress();
        } finally {
            leave();
        }
    }

    /**
     * shutdown(2) of the directions that were not shut down before. A direction counts as shut down even if the call fails: it
     * fails when the connection is gone.
     *
     * @throws java.nio.channels.NotYetConnectedException if the socket is not connected, or no longer
     */
    public void shutdown(boolean read, boolean write) throws IOException {
        enter();
        try {
            boolean input = read && !inputShutdown;
            boolean output = write && !outputShutdown;
            if (!input && !output) {
                return;
            }
            inputShutdown |= input;
            outputShutdown |= output;
            check("shutdown", syscalls.shutdown(intValue(), how(input, output)));
        } finally {
            leave();
        }
    }

    private int how(boolean input, boolean output) {
        SocketConstants constants = system.platform.socket();
        if (input && output) {
            return constants.SHUT_RDWR();
        }
        return input ? constants.SHUT_RD() : constants.SHUT_WR();
    }

    /** Whether no more can be read: shut down in this direction, or closed. */
    public boolean isInputShutdown() {
        return inputShutdown || !isOpen();
    }

    /** Whether no more can be written: shut down in this direction, or closed. */
    public boolean isOutputShutdown() {
        return outputShutdown || !isOpen();
    }

    /** Whether both directions are shut down, or the socket is closed. */
    public boolean isShutdown() {
        return inputShutdown && outputShutdown || !isOpen();
    }

    /**
     * The value of an option; 0 or 1 for one that is a flag.
     *
     * @throws UnsupportedOperationException if the platform has no such option
     */
    public int option(SocketOption option) throws IOException {
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
    public void setOption(SocketOption option, int value) throws IOException {
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
    public int intOption(int level, int name) throws IOException {
        enter();
        try {
            return get(level, name, Integer.BYTES).getInt(0);
        } finally {
            leave();
        }
    }

    /** setsockopt(2) of any option whose value is an int. */
    public void setIntOption(int level, int name, int value) throws IOException {
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
    public void rawOption(int level, int name, ByteBuffer into) throws IOException {
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
    public void setRawOption(int level, int name, ByteBuffer value) throws IOException {
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

    private int check(String call, int result) throws IOException {
        if (result < 0) {
            throw SocketErrors.exception(system.binding, call, -result);
        }
        return result;
    }

    private static InetSocketAddress internet(SocketAddress address) {
        if (address instanceof InetSocketAddress internet) {
            return internet;
        }
        throw new UnsupportedAddressTypeException();
    }
}
