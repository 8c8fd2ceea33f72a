// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.channel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator.DelegatingHandle;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.unix.PreferredDirectByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Sizes and allocates receive buffers as the channel's {@code RecvByteBufAllocator} says, in memory that the kernel can
 * write to. Event loop's thread.
 */
public final class ReceiveHandle extends DelegatingHandle implements ExtendedHandle {

    /**
     * What a buffer of adaptive size gets on top where the kernel does not say how much waits, bytes. A message of just the
     * guessed size (64 bytes, 1024, ...) would fill the buffer otherwise, and a full buffer costs a read that finds nothing.
     */
    private static final int SPARE = 16;

    private final ExtendedHandle delegate;
    private final boolean adaptive;
    private final PreferredDirectByteBufAllocator direct = new PreferredDirectByteBufAllocator();
    private final UncheckedBooleanSupplier moreData = this::hasMoreData;
    private boolean more;

    /** @param allocator the one that made {@code delegate} */
    public ReceiveHandle(ExtendedHandle delegate, RecvByteBufAllocator allocator) {
        super(delegate);
        this.delegate = delegate;
        // Of any other kind the application may expect just the size it asks for.
        adaptive = allocator.getClass() == AdaptiveRecvByteBufAllocator.class;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
        direct.updateAllocator(allocator);
        return delegate.allocate(direct);
    }

    /** The same for a read of which it is not known how much there is to get. */
    public ByteBuf allocateWithSpare(ByteBufAllocator allocator) {
        if (!adaptive) {
            return allocate(allocator);
        }
        direct.updateAllocator(allocator);
        return direct.ioBuffer(delegate.guess() + SPARE);
    }

    /** Whether the last read or accept left something, for all that is known. Asked by {@link #continueReading()}. */
    public void moreData(boolean moreData) {
        more = moreData;
    }

    private boolean hasMoreData() {
        return more;
    }

    @Override
    public boolean continueReading() {
        return delegate.continueReading(moreData);
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMoreDataSupplier) {
        return delegate.continueReading(maybeMoreDataSupplier);
    }
}
