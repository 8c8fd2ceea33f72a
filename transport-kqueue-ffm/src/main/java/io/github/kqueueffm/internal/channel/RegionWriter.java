// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.channel;

import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.socket.NativeFile;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.github.kqueueffm.internal.socket.SendfileResult;
import io.github.kqueueffm.internal.socket.SocketErrors;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.FileRegion;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Writes the file regions of one channel: by sendfile(2) where the system has it and the file's descriptor can be got at, by
 * reading and writing where only its {@link FileChannel} can, and else by the region's own {@link FileRegion#transferTo}.
 * Event loop's thread.
 */
final class RegionWriter {

    /** The socket takes no more now. */
    static final int FULL = -1;

    /** A region of the application's own wrote nothing although the socket would have taken it. */
    static final int STALLED = -2;

    private static final InternalLogger LOGGER = InternalLoggerFactory.getInstance(RegionWriter.class);

    /**
     * Most bytes of one call. A peer on a fast link empties the socket as quickly as one call fills it, and without a limit
     * that call would go on for as long as the region is, with all other channels of the event loop waiting (NGINX has
     * sendfile_max_chunk for this, 2m as well). Systems have limits of their own, all of them higher.
     */
    private static final int CHUNK = 2 << 20;

    private final NativeSocket socket;
    private final ByteBufAllocator allocator;
    private final RegionAccess ours;
    private final Errno errno;
    private final SendfileResult result = new SendfileResult();
    private @Nullable SocketByteChannel byteChannel;

    /** The region that is being written, and what is known of it; null between regions. */
    private @Nullable FileRegion current;

    private @Nullable RegionAccess access;

    private boolean sendfile;

    /** The descriptor that was opened for {@link #current}. */
    private @Nullable NativeFile opened;

    private @Nullable RegionCopier copier;

    /** @param ours of the regions that are this transport's */
    RegionWriter(NativeSocket socket, ByteBufAllocator allocator, RegionAccess ours) {
        this.socket = socket;
        this.allocator = allocator;
        this.ours = ours;
        errno = socket.binding().platform().errno();
    }

    /**
     * Writes once.
     *
     * @param region the first message of {@code in}
     * @return calls made, FULL or STALLED
     */
    int write(ChannelOutboundBuffer in, FileRegion region) throws IOException {
        if (region.transferred() >= region.count()) {
            finish(in);
            return 0;
        }
        if (region != current) {
            start(region);
        }
        try {
            RegionAccess known = access;
            if (known == null) {
                return transfer(in, region);
            }
            int file = sendfile ? descriptor(known, region) : -1;
            return file < 0 ? copy(in, region, known) : send(in, region, known, file);
        } catch (Throwable t) {
            stop();
            throw t;
        }
    }

    /** Forgets the region that is being written, and what was opened for it. */
    void stop() {
        NativeFile file = opened;
        current = null;
        access = null;
        sendfile = false;
        opened = null;
        if (copier != null) {
            copier.stop();
        }
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                // It was only read from, so nothing is lost.
                LOGGER.warn("a file that was sent cannot be closed", e);
            }
        }
    }

    private void finish(ChannelOutboundBuffer in) {
        stop();
        in.remove();
    }

    private void start(FileRegion region) {
        stop();
        current = region;
        RegionAccess known = accessTo(region);
        // A region that was released is not to be sent, and says so itself.
        if (known == null || region.refCnt() == 0) {
            return;
        }
        access = known;
        sendfile = socket.hasSendfile();
        if (sendfile && known.channel(region) == null) {
            File file = known.file(region);
            opened = file == null ? null : NativeFile.open(socket.binding(), file);
        }
    }

    private @Nullable RegionAccess accessTo(FileRegion region) {
        if (ours.knows(region)) {
            return ours;
        }
        RegionAccess netty = DefaultRegionAccess.orNull();
        return netty != null && netty.knows(region) ? netty : null;
    }

    /** Of the file that sendfile(2) is to read, -1 if there is none to be had. */
    private int descriptor(RegionAccess known, FileRegion region) {
        NativeFile file = opened;
        if (file != null) {
            return file.intValue();
        }
        FileChannel channel = known.channel(region);
        // Asked each time: the application may close a channel of its own, and its number be another file's then.
        return channel == null ? -1 : JdkFileDescriptors.of(channel);
    }

    private int send(ChannelOutboundBuffer in, FileRegion region, RegionAccess known, int file) throws IOException {
        long done = region.transferred();
        long position = region.position() + done;
        long count = Math.min(region.count() - done, CHUNK);
        do {
            socket.sendfile(file, position, count, result);
            // A signal came first (sendfile(2), EINTR).
        } while (result.sent() == 0 && result.errno() == errno.EINTR());
        long sent = result.sent();
        int reason = result.errno();
        if (sent > 0) {
            known.sent(region, sent);
            progress(in, region, sent);
            // Only the BSDs tell it beside what was sent.
            return reason == errno.EAGAIN() && region == current ? FULL : 1;
        }
        if (reason == errno.EAGAIN()) {
            return FULL;
        }
        if (reason == 0) {
            throw endsEarly(region, position);
        }
        if (isRefusal(reason)) {
            sendfile = false;
            return copy(in, region, known);
        }
        throw SocketErrors.exception(socket.binding(), "sendfile", reason);
    }

    /**
     * This file or this socket is none for sendfile(2): EINVAL (Linux: a file that has no pages, as under /proc; FreeBSD: not
     * a regular file), EOPNOTSUPP (FreeBSD: the file system), ENOTSUP (macOS: not a regular file), ENOSYS (a sandbox). So
     * say the manual pages of each, which leaves to read(2) and write(2) what can be read and written at all.
     */
    private boolean isRefusal(int number) {
        return number == errno.EINVAL()
                || number == errno.EOPNOTSUPP()
                || number == errno.ENOTSUP()
                || number == errno.ENOSYS();
    }

    private int copy(ChannelOutboundBuffer in, FileRegion region, RegionAccess known) throws IOException {
        RegionCopier through = copier;
        if (through == null) {
            through = new RegionCopier(socket, allocator);
            copier = through;
        }
        long done = region.transferred();
        long position = region.position() + done;
        int written = through.write(known.open(region), position, region.count() - done);
        if (written > 0) {
            known.sent(region, written);
            progress(in, region, written);
            return 1;
        }
        if (written == 0) {
            throw endsEarly(region, position);
        }
        if (written == -errno.EAGAIN()) {
            return FULL;
        }
        throw SocketErrors.exception(socket.binding(), "write", -written);
    }

    private static IOException endsEarly(FileRegion region, long position) {
        return new IOException("the file ends before the region: it has nothing at " + position + ", the region is "
                + region.position() + " + " + region.count());
    }

    private int transfer(ChannelOutboundBuffer in, FileRegion region) throws IOException {
        SocketByteChannel target = byteChannel;
        if (target == null) {
            target = new SocketByteChannel(socket);
            byteChannel = target;
        }
        target.start();
        long count = region.transferTo(target, region.transferred());
        if (count > 0) {
            progress(in, region, count);
            return 1;
        }
        return target.wasFull() ? FULL : STALLED;
    }

    private void progress(ChannelOutboundBuffer in, FileRegion region, long count) {
        in.progress(count);
        if (region.transferred() >= region.count()) {
            finish(in);
        }
    }
}
