// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.channel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator.DelegatingHandle;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.unix.PreferredDirectByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Sizes and allocates receive buffers as the channel's {@code RecvByteBufAllocator} says, in memory that the kernel can
 * write to. Event loop's thread.
 */
public final class ReceiveHandle extends DelegatingHandle implements ExtendedHandle {

    private final ExtendedHandle delegate;
    private final PreferredDirectByteBufAllocator direct = new PreferredDirectByteBufAllocator();
    private final UncheckedBooleanSupplier moreData = this::hasMoreData;
    private boolean more;

    public ReceiveHandle(ExtendedHandle delegate) {
        super(delegate);
        this.delegate = delegate;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
        direct.updateAllocator(allocator);
        return delegate.allocate(direct);
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
