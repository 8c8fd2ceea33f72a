// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.unix;

import io.github.kqueueffm.testsuite.support.Recorder;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Keeps the descriptors that arrive, beside the bytes. */
class DescriptorRecorder extends Recorder implements AutoCloseable {

    private final List<FileDescriptor> descriptors = new ArrayList<>();

    /** What came so far. */
    final synchronized List<FileDescriptor> descriptors() {
        return List.copyOf(descriptors);
    }

    /** Waits until {@code count} descriptors, or more, have come. */
    final List<FileDescriptor> awaitDescriptors(int count) throws InterruptedException {
        await(() -> descriptors.size() >= count, count + " descriptors");
        return descriptors();
    }

    /** Waits for a descriptor and hands it over: it is somebody else's to close. */
    final synchronized int take() throws InterruptedException {
        awaitDescriptors(1);
        return descriptors.remove(0).intValue();
    }

    /** What a subclass does with the loop's thread when a descriptor arrives. */
    void onDescriptor(ChannelHandlerContext ctx, FileDescriptor descriptor) {}

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
        if (!(msg instanceof FileDescriptor)) {
            super.channelRead(ctx, msg);
            return;
        }
        synchronized (this) {
            descriptors.add((FileDescriptor) msg);
            notifyAll();
        }
        onDescriptor(ctx, (FileDescriptor) msg);
    }

    @Override
    public synchronized void close() throws IOException {
        for (FileDescriptor descriptor : descriptors) {
            if (descriptor.isOpen()) {
                descriptor.close();
            }
        }
    }
}
