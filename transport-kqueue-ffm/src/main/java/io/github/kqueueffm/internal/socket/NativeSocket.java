// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.FileConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.SocketConstants;
import io.github.kqueueffm.internal.sys.Binding;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnsupportedAddressTypeException;
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
public final class NativeSocket extends OptionSocket {

    private final int closedResult;

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
        super(system, fd, family);
        this.closedResult = -system.platform.errno().EBADF();
    }

    /**
     * A new socket for streams, non-blocking and close-on-exec.
     *
     * @param family {@code null} for TCP on both IP versions where the system has that and {@code java.net.preferIPv4Stack}
     *     does not say otherwise, else on IPv4
     */
    public static NativeSocket newStream(Binding binding, @Nullable SocketProtocolFamily family) throws IOException {
        SocketSystem system = SocketSystem.of(binding);
        return open(system, system.platform.socket().SOCK_STREAM(), family == null ? defaultFamily(system) : family);
    }

    /**
     * A new socket for datagrams, non-blocking and close-on-exec.
     *
     * @param family {@code null} for UDP on both IP versions where the system has that and {@code java.net.preferIPv4Stack}
     *     does not say otherwise, else on IPv4
     */
    public static NativeSocket newDatagram(Binding binding, @Nullable SocketProtocolFamily family) throws IOException {
        SocketSystem system = SocketSystem.of(binding);
        return open(system, system.platform.socket().SOCK_DGRAM(), family == null ? defaultFamily(system) : family);
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
        return new NativeSocket(system, fd, family());
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
                // A new socket has no flag that could be lost: unlike setNonBlocking without asking first
                socket.setStatusFlags(system.platform.file().O_NONBLOCK());
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
            setStatusFlags(flags | file.O_NONBLOCK());
        }
    }

    private void setStatusFlags(int flags) throws IOException {
        check("fcntl", syscalls.fcntl(intValue(), system.platform.file().F_SETFL(), flags));
    }

    private void serveBothVersions() throws IOException {
        Inet6Support inet6 = system.inet6();
        if (inet6.v6OnlyByDefault() && inet6.dualStack()) {
            check("setsockopt", trySetV6Only(false));
        }
    }

    // Calls of the event loop's thread.

    /**
     * read(2).
     *
     * @return bytes read, 0 at the end of the stream, or {@code -errno}
     */
    public int read(long address, int length) {
        return !isOpen() ? closedResult : (int) syscalls.read(intValue(), address, length);
    }

    /**
     * write(2).
     *
     * @return bytes taken by the kernel, or {@code -errno}
     */
    public int write(long address, int length) {
        return !isOpen() ? closedResult : (int) syscalls.write(intValue(), address, length);
    }

    /**
     * writev(2).
     *
     * @param iovec address of {@code count} struct iovec
     * @return bytes taken by the kernel, or {@code -errno}
     */
    public long writev(long iovec, int count) {
        return !isOpen() ? closedResult : syscalls.writev(intValue(), iovec, count);
    }

    /** Whether {@link #sendfile} may be called: the system has it, and the JDK's files are its files. */
    public boolean hasSendfile() {
        return system.binding.jdkKernel() && system.sendfile != null;
    }

    /**
     * sendfile(2). Only if {@link #hasSendfile}.
     *
     * @param file descriptor of a file
     * @param position of the first byte, in the file
     * @param count bytes, at least 1
     */
    public void sendfile(int file, long position, long count, SendfileResult result) {
        SendfileForm form = system.sendfile;
        if (!isOpen() || form == null) {
            result.set(0, isOpen() ? system.platform.errno().ENOSYS() : -closedResult);
            return;
        }
        form.send(intValue(), file, position, count, system.scratch().value(Long.BYTES), result);
    }

    /**
     * recvmsg(2) of bytes.
     *
     * @param message knows more of it afterwards
     * @return bytes read, 0 at the end of the stream, or {@code -errno}
     */
    public int receive(StreamMessage message, long address, int length) {
        if (!isOpen()) {
            return closedResult;
        }
        message.prepare(address, length);
        return (int) syscalls.recvmsg(intValue(), message.address(), 0);
    }

    /**
     * sendmsg(2) of one byte with a descriptor. Only for sockets of the UNIX domain.
     *
     * @param descriptor stays open, and the sender's own; one that is being closed by another thread is closed once it is sent
     * @return 1, or {@code -errno}
     * @throws ClosedChannelException if {@code descriptor} is closed: its number may be another's by now
     */
    public int sendDescriptor(FileDescriptor descriptor) throws IOException {
        if (!isOpen()) {
            return closedResult;
        }
        if (descriptor instanceof NativeDescriptor ours) {
            ours.enter();
            try {
                return sendNumber(ours.intValue());
            } finally {
                ours.leave();
            }
        }
        if (!descriptor.isOpen()) {
            throw new ClosedChannelException();
        }
        return sendNumber(descriptor.intValue());
    }

    private int sendNumber(int fd) {
        DescriptorMessage message = system.scratch().descriptors();
        message.prepareToSend(fd);
        return (int) syscalls.sendmsg(intValue(), message.address(), 0);
    }

    /**
     * recvmsg(2) of one byte with the descriptors that come with it, which are close-on-exec. Only for sockets of the UNIX
     * domain.
     *
     * @param into has the descriptors then, if there were any; its caller closes them
     * @return 1, 0 at the end of the stream, or {@code -errno}
     */
    public int receiveDescriptors(DescriptorMessage into) {
        if (!isOpen()) {
            return closedResult;
        }
        into.prepareToReceive();
        int flag = system.platform.socket().MSG_CMSG_CLOEXEC();
        boolean hasFlag = Platform.has(flag);
        int result = (int) syscalls.recvmsg(intValue(), into.address(), hasFlag ? flag : 0);
        if (result > 0) {
            into.received();
        }
        if (hasFlag) {
            return result;
        }
        FileConstants file = system.platform.file();
        for (int i = 0; i < into.count(); i++) {
            int set = syscalls.fcntl(into.descriptor(i), file.F_SETFD(), file.FD_CLOEXEC());
            if (set < 0) {
                into.closeRest();
                return set;
            }
        }
        return result;
    }

    /**
     * Takes one connection: non-blocking, close-on-exec.
     *
     * @param peer is filled with the peer's address; {@link AddressScratch#raw} is {@code null} if the kernel gives none
     * @return the descriptor, for {@link #accepted}, or {@code -errno}
     */
    public int accept(AddressScratch peer) {
        if (!isOpen()) {
            return closedResult;
        }
        peer.reset();
        return system.acceptor.accept(intValue(), peer.address(), peer.lengthAddress());
    }

    // Calls of any thread.

    /**
     * bind(2). The name of a UNIX socket is taken from a file that a dead socket has left.
     *
     * @throws UnsupportedAddressTypeException if the address is none for a socket of this family
     */
    public void bind(SocketAddress address) throws IOException {
        int result = tryBind(address);
        boolean unix = family() == SocketProtocolFamily.UNIX;
        if (unix
                && result == -system.platform.errno().EADDRINUSE()
                && SocketFile.deleteStale(system.binding, address.toString())) {
            result = tryBind(address);
        }
        if (result < 0) {
            throw unix
                    ? UnixErrors.bind(system.binding, -result, address)
                    : SocketErrors.bind(system.binding, "bind", -result);
        }
    }

    int tryBind(SocketAddress address) throws IOException {
        enter();
        try {
            AddressScratch scratch = system.scratch().address;
            int length = system.codec.encode(address, family(), scratch.buffer(), 0);
            return length < 0 ? length : syscalls.bind(intValue(), scratch.address(), length);
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
     * @throws UnsupportedAddressTypeException if the address is none for a socket of this family
     */
    public boolean connect(SocketAddress address) throws IOException {
        int result = tryConnect(address);
        if (result >= 0) {
            return true;
        }
        Errno errno = system.platform.errno();
        // EINTR: the attempt goes on, as after EINPROGRESS (POSIX.1-2017, connect()).
        if (result == -errno.EINPROGRESS() || result == -errno.EINTR()) {
            return false;
        }
        throw family() == SocketProtocolFamily.UNIX
                ? UnixErrors.connect(system.binding, -result, address)
                : SocketErrors.connect(system.binding, -result);
    }

    int tryConnect(SocketAddress address) throws IOException {
        enter();
        try {
            AddressScratch scratch = system.scratch().address;
            int length = system.codec.encode(address, family(), scratch.buffer(), 0);
            // A socket that is not connected cannot have been shut down, whatever was tried.
            inputShutdown = false;
            outputShutdown = false;
            return length < 0 ? length : syscalls.connect(intValue(), scratch.address(), length);
        } finally {
            leave();
        }
    }

    /**
     * Who is at the other end, as the kernel has noted when the two were connected. Only for sockets of the UNIX domain.
     *
     * @throws java.nio.channels.NotYetConnectedException if the socket is not connected (macOS and the BSDs; Linux answers with
     *     nobody's ids)
     */
    public Credentials peerCredentials() throws IOException {
        return CredentialsCodec.peer(this);
    }

    /** Whether the system has a way to connect with data at all. */
    public boolean hasFastOpen() {
        return system.fastOpen != null;
    }

    /**
     * Connects, and hands the kernel the first data to go with the first segment (TCP Fast Open). The connection is under
     * way after that; writability will tell that it is there or that it failed.
     *
     * @param data address of {@code size} bytes, at least 1
     * @return how many of them the kernel took, perhaps 0; -1 if it does not do this, and nothing has happened
     * @throws UnsupportedAddressTypeException if the address is none for a socket of this family
     */
    public int connectWithData(SocketAddress address, long data, int size) throws IOException {
        FastOpen form = system.fastOpen;
        if (form == null) {
            return -1;
        }
        enter();
        try {
            AddressScratch scratch = system.scratch().address;
            int length = system.codec.encode(address, family(), scratch.buffer(), 0);
            long result = length < 0 ? length : form.prepare(intValue());
            if (result >= 0) {
                result = form.connect(intValue(), scratch.address(), length, data, size);
            }
            Errno errno = system.platform.errno();
            // EINTR: the attempt goes on, as that of connect(2) does.
            if (result == -errno.EINPROGRESS() || result == -errno.EINTR()) {
                return 0;
            }
            // Turned off: EOPNOTSUPP on Linux, EPERM on FreeBSD. Not known to this kernel, whatever its C library has:
            // EPIPE or ENOTCONN of a sendto(2) that does not connect, ENOPROTOOPT, EINVAL, ENOSYS.
            if (result == -errno.EOPNOTSUPP()
                    || result == -errno.EPERM()
                    || result == -errno.EPIPE()
                    || result == -errno.ENOTCONN()
                    || result == -errno.ENOPROTOOPT()
                    || result == -errno.EINVAL()
                    || result == -errno.ENOSYS()) {
                return -1;
            }
            if (result < 0) {
                throw SocketErrors.connect(system.binding, (int) -result);
            }
            return (int) result;
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
    public @Nullable SocketAddress localAddress() throws IOException {
        enter();
        try {
            AddressScratch scratch = system.scratch().address;
            scratch.reset();
            check("getsockname", syscalls.getsockname(intValue(), scratch.address(), scratch.lengthAddress()));
            SocketAddress address = scratch.decode();
            // An unbound socket has the wildcard address and port 0; a bound one never has port 0.
            return address instanceof InetSocketAddress internet && internet.getPort() == 0 ? null : address;
        } finally {
            leave();
        }
    }

    /** getpeername(2), {@code null} if the socket is not connected or no longer. */
    public @Nullable SocketAddress remoteAddress() throws IOException {
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
            return scratch.decode();
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
}
