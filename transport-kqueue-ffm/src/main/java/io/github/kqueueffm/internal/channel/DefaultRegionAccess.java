// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.channel;

import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FileRegion;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.File;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Netty's own {@link DefaultFileRegion}, whose file and progress are private: Netty's native transports reach them by JNI, this
 * one by a private lookup. That is open to it on the class path; on the module path with {@code --add-opens
 * io.netty.transport/io.netty.channel=}<i>our module</i> only.
 */
final class DefaultRegionAccess implements RegionAccess {

    private static final InternalLogger LOGGER = InternalLoggerFactory.getInstance(DefaultRegionAccess.class);

    private static final @Nullable DefaultRegionAccess INSTANCE = lookUp();

    /** By class: whether {@link DefaultFileRegion#transferTo} is Netty's. What replaces it may do anything to the bytes. */
    private static final ClassValue<Boolean> PLAIN = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            try {
                return type.getMethod("transferTo", WritableByteChannel.class, long.class)
                                .getDeclaringClass()
                        == DefaultFileRegion.class;
            } catch (NoSuchMethodException e) {
                throw new AssertionError("every FileRegion has it", e);
            }
        }
    };

    private final VarHandle file;
    private final VarHandle channel;
    private final VarHandle transferred;

    private DefaultRegionAccess(MethodHandles.Lookup lookup) throws ReflectiveOperationException {
        file = lookup.findVarHandle(DefaultFileRegion.class, "f", File.class);
        channel = lookup.findVarHandle(DefaultFileRegion.class, "file", FileChannel.class);
        transferred = lookup.findVarHandle(DefaultFileRegion.class, "transferred", long.class);
    }

    private static @Nullable DefaultRegionAccess lookUp() {
        try {
            return new DefaultRegionAccess(
                    MethodHandles.privateLookupIn(DefaultFileRegion.class, MethodHandles.lookup()));
        } catch (ReflectiveOperationException e) {
            LOGGER.debug("DefaultFileRegion does not show its file: such regions are copied", e);
            return null;
        }
    }

    /** {@code null} where Netty's package is closed to us. */
    static @Nullable RegionAccess orNull() {
        return INSTANCE;
    }

    @Override
    public boolean knows(FileRegion region) {
        return region instanceof DefaultFileRegion && PLAIN.get(region.getClass());
    }

    @Override
    public @Nullable FileChannel channel(FileRegion region) {
        return (FileChannel) channel.get((DefaultFileRegion) region);
    }

    @Override
    public @Nullable File file(FileRegion region) {
        return (File) file.get((DefaultFileRegion) region);
    }

    @Override
    public FileChannel open(FileRegion region) throws IOException {
        ((DefaultFileRegion) region).open();
        FileChannel opened = channel(region);
        if (opened == null) {
            // All that keeps it from being opened without an exception.
            throw new IllegalReferenceCountException(region.refCnt());
        }
        return opened;
    }

    @Override
    public void sent(FileRegion region, long bytes) {
        DefaultFileRegion netty = (DefaultFileRegion) region;
        transferred.set(netty, (long) transferred.get(netty) + bytes);
    }
}
