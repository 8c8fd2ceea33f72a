// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.channel;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.FileDescriptor;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * The descriptor number of a {@link FileChannel}, where the application has opened the JDK's packages to us with
 * {@code --add-opens java.base/sun.nio.ch=...} and {@code --add-opens java.base/java.io=...}.
 */
final class JdkFileDescriptors {

    private static final InternalLogger LOGGER = InternalLoggerFactory.getInstance(JdkFileDescriptors.class);

    private static final @Nullable JdkFileDescriptors INSTANCE = lookUp();

    private final Class<?> channelType;
    private final VarHandle descriptor;
    private final VarHandle number;

    private JdkFileDescriptors(Class<?> channelType) throws ReflectiveOperationException {
        this.channelType = channelType;
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        descriptor = MethodHandles.privateLookupIn(channelType, lookup)
                .findVarHandle(channelType, "fd", FileDescriptor.class);
        number = MethodHandles.privateLookupIn(FileDescriptor.class, lookup)
                .findVarHandle(FileDescriptor.class, "fd", int.class);
    }

    private static @Nullable JdkFileDescriptors lookUp() {
        try {
            return new JdkFileDescriptors(Class.forName("sun.nio.ch.FileChannelImpl"));
        } catch (ReflectiveOperationException e) {
            LOGGER.debug("FileChannel does not show its descriptor: regions made from one are copied", e);
            return null;
        }
    }

    /** -1 where it is not known: the JDK shows nothing, or the channel is closed or of another provider. */
    static int of(FileChannel channel) {
        JdkFileDescriptors fields = INSTANCE;
        if (fields == null || !fields.channelType.isInstance(channel) || !channel.isOpen()) {
            return -1;
        }
        return (int) fields.number.get((FileDescriptor) fields.descriptor.get(channel));
    }
}
