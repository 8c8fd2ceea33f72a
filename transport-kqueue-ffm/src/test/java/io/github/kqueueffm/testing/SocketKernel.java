// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testing;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.MessageLayout;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.SocketConstants;
import io.github.kqueueffm.internal.platform.StructLayouts;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A {@link ScriptedKernel} with TCP and UDP sockets: what a channel calls. The test is at the other end of each connection, and
 * at the other end of every connect.
 */
public final class SocketKernel extends ScriptedKernel {

    /** What SO_SNDBUF and SO_RCVBUF are before anybody sets them, bytes. */
    public static final int BUFFER_SIZE = 32768;

    private static final int FIRST_PEER_PORT = 40_000;

    private final Set<CFunction> modelled = EnumSet.of(
            CFunction.SOCKET,
            CFunction.BIND,
            CFunction.LISTEN,
            CFunction.CONNECT,
            CFunction.ACCEPT,
            CFunction.GETSOCKNAME,
            CFunction.GETPEERNAME,
            CFunction.GETSOCKOPT,
            CFunction.SETSOCKOPT,
            CFunction.SHUTDOWN,
            CFunction.WRITEV,
            CFunction.RECVMSG,
            CFunction.SENDMSG);

    private record Option(int level, int name) {}

    private final Map<FakeDescriptor, Map<Option, Integer>> options = new IdentityHashMap<>();
    private final Map<FakeDescriptor, byte[]> names = new IdentityHashMap<>();
    private final Map<FakeDescriptor, byte[]> peers = new IdentityHashMap<>();
    private int nextPeerPort = FIRST_PEER_PORT;
    private int lastAccepted = -1;

    /** A kernel that has accept4 or paccept, recvmmsg and sendmmsg, if its platform has. */
    public SocketKernel(Platform platform) {
        super(platform);
        for (CFunction function :
                new CFunction[] {CFunction.ACCEPT4, CFunction.PACCEPT, CFunction.RECVMMSG, CFunction.SENDMMSG}) {
            if (platform.symbol(function) != null) {
                modelled.add(function);
            }
        }
    }

    /** The same kernel without {@code function}. */
    public SocketKernel without(CFunction function) {
        modelled.remove(function);
        return this;
    }

    @Override
    public boolean has(CFunction function) {
        return modelled.contains(function) || super.has(function);
    }

    /** Number of the connection that was accepted last. */
    public int lastAccepted() {
        synchronized (lock) {
            return lastAccepted;
        }
    }

    /** The socket that has this number. */
    public FakeSocket socketAt(int fd) {
        synchronized (lock) {
            return (FakeSocket) descriptorAt(fd);
        }
    }

    /** The datagram socket that has this number. */
    public FakeDatagramSocket datagramsAt(int fd) {
        synchronized (lock) {
            return (FakeDatagramSocket) descriptorAt(fd);
        }
    }

    /** The listener that has this number. */
    public FakeListener listenerAt(int fd) {
        synchronized (lock) {
            return (FakeListener) descriptorAt(fd);
        }
    }

    private FakeDescriptor descriptorAt(int fd) {
        FakeDescriptor found = find(fd);
        if (found == null) {
            throw new AssertionError(fd + " is not open");
        }
        return found;
    }

    /** How often {@code function} was called since the log was cleared. */
    public long count(CFunction function) {
        return log().stream().filter(call -> call.function() == function).count();
    }

    private SocketConstants constants() {
        return platform().socket();
    }

    @Override
    public int socket(int domain, int type, int protocol) {
        return (int) call(
                CFunction.SOCKET,
                () -> {
                    int flags = Platform.has(constants().SOCK_NONBLOCK())
                            ? constants().SOCK_NONBLOCK() | constants().SOCK_CLOEXEC()
                            : 0;
                    FakeDescriptor socket = (type & ~flags) == constants().SOCK_DGRAM()
                            ? new FakeDatagramSocket(this)
                            : new FakeSocket(this).room(0);
                    return (long) install(flagged(socket, type)).fd;
                },
                domain,
                type);
    }

    private <T extends FakeDescriptor> T flagged(T socket, int flags) {
        if (has(flags, constants().SOCK_NONBLOCK())) {
            socket.statusFlags |= platform().file().O_NONBLOCK();
        }
        if (has(flags, constants().SOCK_CLOEXEC())) {
            socket.descriptorFlags |= platform().file().FD_CLOEXEC();
        }
        return socket;
    }

    private static boolean has(int flags, int flag) {
        return Platform.has(flag) && (flags & flag) != 0;
    }

    @Override
    public int bind(int fd, long sockaddr, int length) {
        return (int) call(
                CFunction.BIND,
                () -> on(fd, socket -> {
                    ByteBuffer name = ByteBuffer.wrap(bytes(sockaddr, length));
                    int port = platform().sockaddr().in4Port();
                    if (name.getShort(port) == 0) {
                        name.putShort(port, (short) nextPeerPort++);
                    }
                    names.put(socket, name.array());
                    return 0;
                }),
                fd);
    }

    @Override
    public int listen(int fd, int backlog) {
        return (int) call(
                CFunction.LISTEN,
                () -> on(fd, socket -> {
                    FakeListener listener = new FakeListener(this);
                    replace(socket, listener);
                    names.put(listener, names.getOrDefault(socket, new byte[0]));
                    options.put(listener, options.getOrDefault(socket, new HashMap<>()));
                    return 0;
                }),
                fd);
    }

    /** The connect goes on: the test lets the socket have room, or fail. */
    @Override
    public int connect(int fd, long sockaddr, int length) {
        return (int) call(
                CFunction.CONNECT,
                () -> on(fd, socket -> {
                    peers.put(socket, bytes(sockaddr, length));
                    return -platform().errno().EINPROGRESS();
                }),
                fd);
    }

    @Override
    public int accept(int fd, long sockaddr, long lengthPointer) {
        return accept(CFunction.ACCEPT, fd, sockaddr, lengthPointer, 0);
    }

    @Override
    public int accept4(int fd, long sockaddr, long lengthPointer, int flags) {
        return accept(CFunction.ACCEPT4, fd, sockaddr, lengthPointer, flags);
    }

    @Override
    public int paccept(int fd, long sockaddr, long lengthPointer, long sigmask, int flags) {
        return accept(CFunction.PACCEPT, fd, sockaddr, lengthPointer, flags);
    }

    private int accept(CFunction function, int fd, long sockaddr, long lengthPointer, int flags) {
        return (int) call(
                function,
                () -> on(fd, d -> accept(function, (FakeListener) d, sockaddr, lengthPointer, flags)),
                fd,
                flags);
    }

    private long accept(CFunction function, FakeListener listener, long sockaddr, long lengthPointer, int flags) {
        if (listener.isEmpty()) {
            return -platform().errno().EAGAIN();
        }
        listener.take();
        FakeSocket connection = install(flagged(new FakeSocket(this), flags));
        if (function == CFunction.ACCEPT && platform().traits().acceptInheritsNonblock()) {
            connection.statusFlags |= listener.statusFlags & platform().file().O_NONBLOCK();
        }
        byte[] name = names.getOrDefault(listener, new byte[0]);
        byte[] peer = name.clone();
        ByteBuffer.wrap(peer)
                .order(ByteOrder.BIG_ENDIAN)
                .putShort(platform().sockaddr().in4Port(), (short) nextPeerPort++);
        names.put(connection, name);
        peers.put(connection, peer);
        options.put(connection, inherited(options.getOrDefault(listener, Map.of())));
        give(peer, sockaddr, lengthPointer);
        lastAccepted = connection.fd;
        return connection.fd;
    }

    /** What the platform's data says of its kernel. */
    private Map<Option, Integer> inherited(Map<Option, Integer> of) {
        Map<Option, Integer> inherited = new HashMap<>(of);
        inherited.keySet().removeIf(option -> {
            boolean noDelay = option.equals(
                    new Option(constants().IPPROTO_TCP(), constants().TCP_NODELAY()));
            return noDelay && !platform().traits().inheritsNoDelay();
        });
        return inherited;
    }

    @Override
    public int getsockname(int fd, long sockaddr, long lengthPointer) {
        return (int) call(
                CFunction.GETSOCKNAME,
                () -> on(fd, socket -> give(names.getOrDefault(socket, new byte[0]), sockaddr, lengthPointer)),
                fd);
    }

    @Override
    public int getpeername(int fd, long sockaddr, long lengthPointer) {
        return (int) call(
                CFunction.GETPEERNAME,
                () -> on(fd, socket -> give(peers.getOrDefault(socket, new byte[0]), sockaddr, lengthPointer)),
                fd);
    }

    @Override
    public int getsockopt(int fd, int level, int name, long value, long lengthPointer) {
        return (int) call(
                CFunction.GETSOCKOPT,
                () -> on(fd, socket -> {
                    memoryAt(value, Integer.BYTES).putInt(0, option(socket, new Option(level, name)));
                    memoryAt(lengthPointer, Integer.BYTES).putInt(0, Integer.BYTES);
                    return 0;
                }),
                fd,
                level,
                name);
    }

    private int option(FakeDescriptor socket, Option option) {
        if (option.equals(new Option(constants().SOL_SOCKET(), constants().SO_ERROR()))) {
            return socket instanceof FakeSocket connection ? connection.takeError() : 0;
        }
        boolean isBuffer =
                option.equals(new Option(constants().SOL_SOCKET(), constants().SO_SNDBUF()))
                        || option.equals(
                                new Option(constants().SOL_SOCKET(), constants().SO_RCVBUF()));
        return options.getOrDefault(socket, Map.of()).getOrDefault(option, isBuffer ? BUFFER_SIZE : 0);
    }

    @Override
    public int setsockopt(int fd, int level, int name, long value, int length) {
        return (int) call(
                CFunction.SETSOCKOPT,
                () -> on(fd, socket -> {
                    options.computeIfAbsent(socket, first -> new HashMap<>())
                            .put(
                                    new Option(level, name),
                                    memoryAt(value, Integer.BYTES).getInt(0));
                    return 0;
                }),
                fd,
                level,
                name);
    }

    @Override
    public int shutdown(int fd, int how) {
        return (int) call(CFunction.SHUTDOWN, () -> on(fd, socket -> shut((FakeSocket) socket, how)), fd, how);
    }

    private long shut(FakeSocket socket, int how) {
        if (how != constants().SHUT_RD()) {
            socket.shutWrite();
        }
        if (how != constants().SHUT_WR()) {
            socket.endOfFile();
        }
        return 0;
    }

    @Override
    public long writev(int fd, long iovec, int count) {
        return call(CFunction.WRITEV, () -> on(fd, socket -> socket.write(gathered(iovec, count))), fd, count);
    }

    private ByteBuffer gathered(long iovec, int count) {
        StructLayouts structs = platform().structs();
        int total = 0;
        for (int i = 0; i < count; i++) {
            ByteBuffer entry = memoryAt(iovec + (long) i * structs.iovecSize(), structs.iovecSize());
            int length = (int) entry.getLong(structs.iovecLength());
            // Looks whether the memory is there.
            total += memoryAt(entry.getLong(structs.iovecBase()), length).remaining();
        }
        return ByteBuffer.allocate(total);
    }

    @Override
    public long recvmsg(int fd, long header, int flags) {
        return call(CFunction.RECVMSG, () -> on(fd, socket -> receive(socket, header)), fd);
    }

    @Override
    public int recvmmsg(int fd, long headers, int count, int flags, long timespec) {
        return (int) call(
                CFunction.RECVMMSG,
                () -> on(fd, socket -> {
                    MessageLayout layout = platform().message();
                    for (int i = 0; i < count; i++) {
                        long entry = headers + (long) i * layout.mmsghdrSize();
                        long length = receive(socket, entry + layout.mmsghdrHeader());
                        if (length < 0) {
                            return i == 0 ? length : i;
                        }
                        memoryAt(entry + layout.mmsghdrLength(), Integer.BYTES).putInt(0, (int) length);
                    }
                    return count;
                }),
                fd,
                count);
    }

    /** From a sender that has this socket's own address. */
    private long receive(FakeDescriptor socket, long header) {
        MessageLayout layout = platform().message();
        ByteBuffer message = memoryAt(header, layout.msghdrSize());
        long length = socket.read(iovec(message));
        if (length >= 0) {
            byte[] sender = names.getOrDefault(socket, new byte[0]);
            memoryAt(message.getLong(layout.msghdrName()), sender.length).put(sender);
            message.putInt(layout.msghdrNameLength(), sender.length);
        }
        return length;
    }

    /** The memory of the first part of a message. */
    private ByteBuffer iovec(ByteBuffer message) {
        StructLayouts structs = platform().structs();
        ByteBuffer iovec = memoryAt(message.getLong(platform().message().msghdrIov()), structs.iovecSize());
        return memoryAt(iovec.getLong(structs.iovecBase()), iovec.getLong(structs.iovecLength()));
    }

    @Override
    public long sendmsg(int fd, long header, int flags) {
        return call(CFunction.SENDMSG, () -> on(fd, socket -> send(socket, header)), fd);
    }

    @Override
    public int sendmmsg(int fd, long headers, int count, int flags) {
        return (int) call(
                CFunction.SENDMMSG,
                () -> on(fd, socket -> {
                    MessageLayout layout = platform().message();
                    for (int i = 0; i < count; i++) {
                        send(socket, headers + (long) i * layout.mmsghdrSize() + layout.mmsghdrHeader());
                    }
                    return count;
                }),
                fd,
                count);
    }

    private long send(FakeDescriptor socket, long header) {
        return socket.write(iovec(memoryAt(header, platform().message().msghdrSize())));
    }

    private byte[] bytes(long address, int length) {
        byte[] bytes = new byte[length];
        memoryAt(address, length).get(bytes);
        return bytes;
    }

    private long give(byte[] address, long sockaddr, long lengthPointer) {
        memoryAt(sockaddr, address.length).put(address);
        memoryAt(lengthPointer, Integer.BYTES).putInt(0, address.length);
        return 0;
    }
}
