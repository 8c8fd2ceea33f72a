// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.channel.ReceiveHandle;
import io.github.kqueueffm.internal.engine.FilterKind;
import io.github.kqueueffm.internal.engine.Knote;
import io.github.kqueueffm.internal.engine.LoopCounter;
import io.github.kqueueffm.internal.engine.Registration;
import io.github.kqueueffm.internal.socket.AddressScratch;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.github.kqueueffm.internal.socket.SocketErrors;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ServerChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A listening socket. */
public abstract class AbstractKQueueServerChannel extends AbstractKQueueChannel implements ServerChannel {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    /** How long accepting rests when the process or the system has run out of something, milliseconds. */
    private static final long PAUSE_MILLIS = 100;

    /** Where accept(2) puts the peer's address. */
    private final AddressScratch peer;

    /** Ends the rest that accepting has; while there is one, {@code read()} takes no effect. */
    private @Nullable Future<?> pause;

    AbstractKQueueServerChannel(NativeSocket socket, boolean active) {
        super(null, socket, active);
        peer = new AddressScratch(socket.binding());
        // Loads the classes that tell of a pause: when there is no descriptor left, none can be loaded from a folder.
        new AcceptPausedEvent(SocketErrors.exception(socket.binding(), "accept", errno.EMFILE()), PAUSE_MILLIS);
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    protected AbstractKQueueUnsafe newUnsafe() {
        return new ServerUnsafe();
    }

    /** The channel of a connection that was just accepted; {@code peer} is good until the next accept. */
    abstract Channel newChildChannel(NativeSocket connection, AddressScratch peer);

    private Channel childChannel(NativeSocket connection) throws IOException {
        try {
            return newChildChannel(connection, peer);
        } catch (Throwable t) {
            // No channel has it, so nobody else would close it.
            connection.close();
            throw t;
        }
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return null;
    }

    @Override
    boolean doConnect(SocketAddress remoteAddress, @Nullable SocketAddress localAddress) {
        throw new UnsupportedOperationException();
    }

    @Override
    boolean isConnected() {
        return false;
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) {
        throw new UnsupportedOperationException();
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        throw new UnsupportedOperationException();
    }

    @Override
    boolean canRead() {
        return active && pause == null;
    }

    @Override
    protected void doDeregister() {
        // It would end on the wrong event loop's thread. The next one finds out for itself what there is.
        Future<?> current = pause;
        if (current != null) {
            pause = null;
            current.cancel(false);
        }
        super.doDeregister();
    }

    @Override
    void watchForEof(Registration knotes) {
        // A listener has no end of file; its filter waits for the first read().
    }

    private final class ServerUnsafe extends AbstractKQueueUnsafe {

        private final Runnable resume = this::resume;

        @Override
        FilterKind readKind() {
            // Told as long as connections wait, so that leaving some for the next turn costs nothing.
            return FilterKind.LEVEL;
        }

        @Override
        void readReady(Knote reader) {
            ChannelConfig config = config();
            if (!isOpen()) {
                return;
            }
            ReceiveHandle handle = receiveHandle();
            handle.reset(config);
            handle.attemptedBytesRead(1);
            ChannelPipeline pipeline = pipeline();
            Throwable failure = null;
            try {
                acceptLoop(reader, handle, pipeline);
            } catch (Throwable t) {
                failed(t);
                failure = t;
            }
            try {
                handle.readComplete();
                pipeline.fireChannelReadComplete();
                if (failure != null) {
                    pipeline.fireExceptionCaught(failure);
                }
            } finally {
                if (shouldStopReading(config)) {
                    stopReading();
                }
            }
        }

        private void acceptLoop(Knote reader, ReceiveHandle handle, ChannelPipeline pipeline) throws IOException {
            do {
                int fd = socket.accept(peer);
                if (fd < 0) {
                    handle.lastBytesRead(-1);
                    if (!skip(-fd, reader)) {
                        return;
                    }
                } else {
                    handle.lastBytesRead(1);
                    handle.incMessagesRead(1);
                    readPending = false;
                    pipeline.fireChannelRead(childChannel(socket.accepted(fd)));
                }
                reader.consumed(1);
                // With a count, exactly that many are taken; without one a single connection, as the filter is
                // level-triggered and a further accept could only answer EAGAIN.
                handle.moreData(reader.available() > 0);
            } while (isOpen() && handle.continueReading());
            if (isOpen() && reader.available() <= 0) {
                count(LoopCounter.ACCEPTS_SAVED);
            }
        }

        /** @return whether the connection is lost and the next may be tried; false when there is none, or accepting rests */
        private boolean skip(int number, Knote reader) throws IOException {
            if (number == errno.EAGAIN()) {
                // Somebody else has taken it, or it was reset while it waited (accept(2)).
                count(LoopCounter.EAGAINS);
                reader.exhausted();
                return false;
            }
            if (number == errno.ECONNABORTED() || number == errno.EPROTO() || number == errno.EINTR()) {
                // Reset while it waited: nothing is left of it. EPROTO is the same on System V descendants (accept(2)
                // of Linux). EINTR: a signal came first.
                return true;
            }
            if (number == errno.ENETDOWN()
                    || number == errno.ENOPROTOOPT()
                    || number == errno.EHOSTDOWN()
                    || number == errno.EHOSTUNREACH()
                    || number == errno.ENETUNREACH()) {
                // Linux hands a network error of the new connection to accept(2), whose manual asks to go on (NOTES
                // there).
                return true;
            }
            if (number == errno.EMFILE()
                    || number == errno.ENFILE()
                    || number == errno.ENOBUFS()
                    || number == errno.ENOMEM()) {
                pause(SocketErrors.exception(socket.binding(), "accept", number));
                return false;
            }
            throw SocketErrors.exception(socket.binding(), "accept", number);
        }

        /** The connections wait in the kernel meanwhile; the application may close idle ones. */
        private void pause(IOException cause) {
            count(LoopCounter.ACCEPT_PAUSES);
            failed(cause);
            Registration knotes = knotes();
            if (knotes != null) {
                knotes.stopReading();
            }
            pause = eventLoop().schedule(resume, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            pipeline().fireUserEventTriggered(new AcceptPausedEvent(cause, PAUSE_MILLIS));
        }

        private void resume() {
            pause = null;
            Registration knotes = knotes();
            if (knotes != null && canRead() && (readPending || config().isAutoRead())) {
                knotes.startReading();
            }
        }
    }
}
