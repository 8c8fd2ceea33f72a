// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.channel.ReceiveHandle;
import io.github.kqueueffm.internal.channel.WriteOutcome;
import io.github.kqueueffm.internal.engine.FilterKind;
import io.github.kqueueffm.internal.engine.Knote;
import io.github.kqueueffm.internal.engine.LoopCounter;
import io.github.kqueueffm.internal.engine.Registration;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.socket.IovecArray;
import io.github.kqueueffm.internal.socket.LoopMemory;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.github.kqueueffm.internal.socket.SocketErrors;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.UnresolvedAddressException;
import org.jspecify.annotations.Nullable;

/**
 * What all channels of this transport share: the socket, its registration on an event loop, and the READ and WRITE
 * filters.
 */
public abstract class AbstractKQueueChannel extends AbstractChannel implements UnixChannel {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false);

    final NativeSocket socket;
    final Errno errno;

    volatile boolean active;

    /** Reading has ended for good: end of file or an error was told to the pipeline, or the channel is closed. */
    boolean inputEnded;

    private @Nullable IoRegistration registration;
    private @Nullable KQueueIoRegistration loop;

    /** WRITE was armed when the channel left its last event loop. */
    private boolean writeWanted;

    private final Runnable flushAgain = this::flushAgain;

    private volatile @Nullable SocketAddress local;
    private volatile @Nullable SocketAddress remote;

    AbstractKQueueChannel(@Nullable Channel parent, NativeSocket socket, boolean active) {
        super(parent);
        this.socket = socket;
        this.errno = socket.binding().platform().errno();
        this.active = active;
    }

    /** Whether a socket that was given as a descriptor can be used: one with a pending error cannot. */
    static boolean hasNoError(NativeSocket socket) {
        try {
            return socket.error() == 0;
        } catch (IOException e) {
            throw new ChannelException("the descriptor " + socket.intValue() + " is not a usable socket", e);
        }
    }

    @Override
    public abstract KQueueChannelConfig config();

    @Override
    protected abstract AbstractKQueueUnsafe newUnsafe();

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    /**
     * The socket. Its {@code close()} closes it behind this channel's back; its {@code read} and {@code write} methods need
     * Netty's native library and do not work.
     */
    @Override
    public final FileDescriptor fd() {
        return socket;
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public boolean isActive() {
        return active;
    }

    @Override
    protected boolean isCompatible(EventLoop eventLoop) {
        return eventLoop instanceof IoEventLoop && ((IoEventLoop) eventLoop).isCompatible(AbstractKQueueUnsafe.class);
    }

    private AbstractKQueueUnsafe kqueueUnsafe() {
        return (AbstractKQueueUnsafe) unsafe();
    }

    /** The engine's side of this channel, null while it is not registered on an event loop. */
    final @Nullable Registration knotes() {
        KQueueIoRegistration current = loop;
        return current == null ? null : current.knotes();
    }

    /** Counts, while this channel is on an event loop. Event loop's thread. */
    final void count(LoopCounter counter) {
        Registration knotes = knotes();
        if (knotes != null) {
            knotes.counters().count(counter);
        }
    }

    /**
     * Counts and tells of a failure, if it is one of a system call of this channel, while this channel is on an event loop. Event
     * loop's thread.
     */
    final void failed(Throwable cause) {
        Registration knotes = knotes();
        if (knotes == null) {
            return;
        }
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof KQueueIoException) {
                KQueueIoException failure = (KQueueIoException) t;
                knotes.counters().failed(failure.call(), knotes.ident(), failure.errno());
                return;
            }
        }
    }

    /** The event loop's array for gathering writes. Event loop's thread, while registered. */
    final @Nullable IovecArray iovecs() {
        LoopMemory memory = loopMemory();
        return memory == null ? null : memory.iovecs();
    }

    /** The event loop's native arrays. Event loop's thread, while registered. */
    final @Nullable LoopMemory loopMemory() {
        KQueueIoRegistration current = loop;
        return current == null ? null : current.memory();
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        IoEventLoop eventLoop = (IoEventLoop) eventLoop();
        eventLoop.register(kqueueUnsafe()).addListener((Future<IoRegistration> future) -> {
            if (future.isSuccess()) {
                registered(future.getNow());
                promise.setSuccess();
            } else {
                promise.setFailure(future.cause());
            }
        });
    }

    private void registered(IoRegistration newRegistration) {
        registration = newRegistration;
        KQueueIoRegistration newLoop = newRegistration.attachment();
        loop = newLoop;
        Registration knotes = newLoop.knotes();
        // WRITE first: a refused connect is told by it, and a read could use the error up (netty/netty#7738).
        if (writeWanted) {
            writeWanted = false;
            knotes.armWrite();
        }
        if (active) {
            watchForEof(knotes);
        }
        if (kqueueUnsafe().readPending && canRead()) {
            knotes.startReading();
        }
    }

    /** Called when this channel is active and on an event loop: what it takes to notice a peer's close without reading. */
    void watchForEof(Registration knotes) {
        knotes.watch();
    }

    @Override
    protected void doDeregister() {
        IoRegistration current = registration;
        Registration knotes = knotes();
        if (current != null && knotes != null) {
            writeWanted = isOpen() && knotes.isWriteArmed();
            registration = null;
            loop = null;
            current.cancel();
        }
    }

    @Override
    protected void doClose() throws Exception {
        active = false;
        inputEnded = true;
        writeWanted = false;
        kqueueUnsafe().abandonAttempt();
        Registration knotes = knotes();
        if (knotes != null) {
            // Before the descriptor number can become someone else's.
            knotes.close();
        }
        socket.close();
    }

    @Override
    protected void doDisconnect() throws Exception {
        doClose();
    }

    @Override
    protected final void doBeginRead() {
        kqueueUnsafe().readPending = true;
        Registration knotes = knotes();
        if (knotes != null && canRead()) {
            knotes.startReading();
        }
    }

    /** Whether READ may be armed: not before a connect is done, as the read could use up the connect's error. */
    boolean canRead() {
        return active;
    }

    /** Auto-read was turned off: no more reading unless {@code read()} is called. Any thread. */
    final void clearReadFilter() {
        if (!isRegistered()) {
            kqueueUnsafe().readPending = false;
            return;
        }
        EventLoop eventLoop = eventLoop();
        if (eventLoop.inEventLoop()) {
            kqueueUnsafe().stopReading();
        } else {
            eventLoop.execute(() -> {
                if (!kqueueUnsafe().readPending && !config().isAutoRead()) {
                    kqueueUnsafe().stopReading();
                }
            });
        }
    }

    /** What is to be done after the outbound buffer was written as far as it went. Event loop's thread. */
    final void written(WriteOutcome outcome) {
        switch (outcome) {
            case DONE:
                break;
            case SOCKET_FULL:
                count(LoopCounter.EAGAINS);
                armWrite();
                break;
            case SPUN_OUT:
                // Others on this event loop have a turn first.
                eventLoop().execute(flushAgain);
                break;
        }
    }

    private void flushAgain() {
        // Not flush(): messages written since the last flush wait for theirs.
        kqueueUnsafe().flush0();
    }

    /** The socket took no more: tells the engine to say when it does. Event loop's thread. */
    final void armWrite() {
        Registration knotes = knotes();
        if (knotes == null) {
            writeWanted = true;
        } else {
            knotes.writer().exhausted();
            knotes.armWrite();
        }
    }

    /** Whether to leave a flush to the armed WRITE filter: the socket takes nothing until that fires. */
    boolean isFlushInVain() {
        return isWriteArmed();
    }

    final boolean isWriteArmed() {
        Registration knotes = knotes();
        return knotes == null ? writeWanted : knotes.isWriteArmed();
    }

    boolean isAllowHalfClosure(ChannelConfig config) {
        return false;
    }

    final boolean shouldBreakRead(ChannelConfig config) {
        return socket.isInputShutdown() && (inputEnded || !isAllowHalfClosure(config));
    }

    static void checkResolved(@Nullable SocketAddress address) {
        if (address instanceof InetSocketAddress && ((InetSocketAddress) address).isUnresolved()) {
            throw new UnresolvedAddressException();
        }
    }

    @Override
    protected void doBind(SocketAddress address) throws Exception {
        checkResolved(address);
        socket.bind(address);
        local = socket.localAddress();
    }

    /**
     * Starts to connect.
     *
     * @return true when it is done already, false when WRITE will tell
     */
    boolean doConnect(SocketAddress remoteAddress, @Nullable SocketAddress localAddress) throws Exception {
        checkResolved(remoteAddress);
        checkResolved(localAddress);
        if (localAddress != null) {
            doBind(localAddress);
        }
        boolean connected;
        try {
            connected = connectSocket(remoteAddress);
        } catch (Throwable t) {
            // As with NIO: a socket whose connect failed is of no use any more.
            doClose();
            throw t;
        }
        if (!connected) {
            Registration knotes = knotes();
            if (knotes == null) {
                writeWanted = true;
            } else {
                knotes.armWrite();
            }
        }
        return connected;
    }

    /** connect(2), or what stands in for it. */
    boolean connectSocket(SocketAddress remoteAddress) throws IOException {
        return socket.connect(remoteAddress);
    }

    /** The connect is done, and everybody has been told. */
    void afterConnect() {}

    final void setAddresses(@Nullable SocketAddress local, @Nullable SocketAddress remote) {
        this.local = local;
        this.remote = remote;
    }

    /** Asked of the kernel when first needed, which spares most connections a getsockname(2). */
    @Override
    protected @Nullable SocketAddress localAddress0() {
        SocketAddress known = local;
        if (known == null) {
            try {
                known = socket.localAddress();
            } catch (ClosedChannelException e) {
                // Nobody asked while there was somebody to answer: as with NIO, the address is not known then.
                return null;
            } catch (IOException e) {
                throw new ChannelException(e);
            }
            local = known;
        }
        return known;
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        SocketAddress known = remote;
        if (known == null && active) {
            try {
                known = socket.remoteAddress();
            } catch (ClosedChannelException e) {
                return null;
            } catch (IOException e) {
                throw new ChannelException(e);
            }
            remote = known;
        }
        return known;
    }

    /** Whether there is a peer. */
    boolean isConnected() {
        return active;
    }

    /** Whether a connect can replace the peer that there is. */
    boolean canConnectAgain() {
        return false;
    }

    /**
     * What the pipeline's outbound operations end in, and what the event loop tells. Not public: into a public subclass of
     * Netty's class, which is not, javac puts a bridge for each public method that is not final, and one of them is final in
     * older releases than the one that this is compiled against.
     */
    abstract class AbstractKQueueUnsafe extends AbstractUnsafe implements KQueueIoHandle {

        boolean readPending;
        private @Nullable ReceiveHandle receiveHandle;
        private @Nullable ConnectAttempt attempt;

        AbstractKQueueUnsafe() {}

        final Channel channel() {
            return AbstractKQueueChannel.this;
        }

        @Override
        public final int ident() {
            return socket.intValue();
        }

        FilterKind readKind() {
            return FilterKind.EDGE;
        }

        /** The READ filter reported, or was left with something to report. */
        abstract void readReady(Knote reader);

        @Override
        public final void handle(IoRegistration registration, IoEvent event) {
            throw new UnsupportedOperationException("channels are told of events by their engine");
        }

        /** Closes the channel because its event loop ends. */
        @Override
        public final void close() {
            close(voidPromise());
        }

        @Override
        public final RecvByteBufAllocator.Handle recvBufAllocHandle() {
            return receiveHandle();
        }

        final ReceiveHandle receiveHandle() {
            ReceiveHandle handle = receiveHandle;
            if (handle == null) {
                handle = new ReceiveHandle(
                        (RecvByteBufAllocator.ExtendedHandle) super.recvBufAllocHandle(),
                        config().getRecvByteBufAllocator());
                receiveHandle = handle;
            }
            return handle;
        }

        final void stopReading() {
            readPending = false;
            Registration knotes = knotes();
            if (knotes != null) {
                knotes.stopReading();
            }
        }

        /** Whether nobody asks for more: {@code read()} was not called since the last message, and auto-read is off. */
        final boolean shouldStopReading(ChannelConfig config) {
            return !readPending && !config.isAutoRead();
        }

        final void writeReady(Knote writer) {
            ConnectAttempt current = attempt;
            if (current != null) {
                finishConnect(current, writer);
            } else if (!socket.isOutputShutdown()) {
                super.flush0();
            }
        }

        /** The kernel did not take a filter of this channel, which without it would hear nothing more. */
        final void refused(int errno) {
            IOException cause = SocketErrors.exception(socket.binding(), "kevent", errno);
            ConnectAttempt current = attempt;
            if (current != null) {
                attempt = null;
                current.fail(cause);
            } else {
                pipeline().fireExceptionCaught(cause);
            }
            close(voidPromise());
        }

        @Override
        protected final void flush0() {
            if (!isFlushInVain()) {
                super.flush0();
            }
        }

        @Override
        public final void connect(
                SocketAddress remoteAddress, @Nullable SocketAddress localAddress, ChannelPromise promise) {
            if (promise.isDone() || !ensureOpen(promise)) {
                return;
            }
            try {
                if (attempt != null) {
                    throw new ConnectionPendingException();
                }
                if (isConnected() && !canConnectAgain()) {
                    throw new AlreadyConnectedException();
                }
                boolean wasActive = isActive();
                ConnectAttempt started = new ConnectAttempt(AbstractKQueueChannel.this, promise, remoteAddress);
                if (doConnect(remoteAddress, localAddress)) {
                    connected(remoteAddress);
                    started.succeed(wasActive);
                    afterConnect();
                } else {
                    attempt = started;
                    started.startTimeout(config().getConnectTimeoutMillis());
                }
            } catch (Throwable t) {
                failed(t);
                closeIfClosed();
                promise.tryFailure(annotateConnectException(t, remoteAddress));
            }
        }

        /** The attempt was cancelled or has run out of time: what WRITE tells of it is of no interest. */
        final void forget(ConnectAttempt cancelled) {
            if (attempt == cancelled) {
                attempt = null;
            }
        }

        private void finishConnect(ConnectAttempt current, Knote writer) {
            attempt = null;
            current.stopTimeout();
            boolean wasActive = isActive();
            try {
                int errno = writer.eof() ? connectError(writer) : 0;
                if (errno != 0) {
                    throw SocketErrors.connect(socket.binding(), errno);
                }
                connected(current.remoteAddress());
            } catch (Throwable t) {
                failed(t);
                current.fail(annotateConnectException(t, current.remoteAddress()));
                return;
            }
            current.succeed(wasActive);
            afterConnect();
        }

        /** The error that ended a connect: told with the event, or else asked for, as it may have been used up. */
        private int connectError(Knote writer) throws IOException {
            return writer.errno() != 0 ? writer.errno() : socket.error();
        }

        /** The channel is being closed: a connect that is under way ends with that. */
        final void abandonAttempt() {
            ConnectAttempt current = attempt;
            if (current != null) {
                attempt = null;
                current.abandon();
            }
        }

        /**
         * Netty keeps the first answers for good, and finds no use for this; but the local address may have been the wildcard of
         * a bind, and the remote one that of an earlier peer.
         */
        @SuppressWarnings("deprecation")
        private void forgetAddresses() {
            invalidateLocalAddress();
            invalidateRemoteAddress();
        }

        private void connected(SocketAddress remoteAddress) {
            active = true;
            remote = RemoteAddresses.known(remoteAddress);
            // Bound by the connect, to an address that is asked for when needed.
            local = null;
            forgetAddresses();
            Registration knotes = knotes();
            if (knotes != null) {
                watchForEof(knotes);
                if (readPending) {
                    knotes.startReading();
                }
            }
        }

        final void closeAfterFailure() {
            closeIfClosed();
        }

        /** For whoever has a failure to tell that closes the channel. */
        final void closeNow() {
            close(voidPromise());
        }
    }
}
