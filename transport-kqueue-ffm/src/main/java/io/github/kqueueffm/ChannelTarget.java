// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.engine.Registration;

/** Hands the engine's events to a channel. */
final class ChannelTarget implements KQueueIoRegistration.Owned {

    private final KQueueIoRegistration owner;
    private final AbstractKQueueChannel.AbstractKQueueUnsafe channel;

    ChannelTarget(KQueueIoRegistration owner, AbstractKQueueChannel.AbstractKQueueUnsafe channel) {
        this.owner = owner;
        this.channel = channel;
    }

    @Override
    public KQueueIoRegistration owner() {
        return owner;
    }

    @Override
    public void readReady(Registration registration) {
        channel.readReady(registration.reader());
    }

    @Override
    public void writeReady(Registration registration) {
        channel.writeReady(registration.writer());
    }

    @Override
    public void refused(Registration registration, int filter, int errno) {
        channel.refused(errno);
    }

    @Override
    public void event(Registration registration, int filter, int flags, int fflags, long data) {
        // Channels leave their filters to the engine.
        throw new IllegalStateException("an event of filter " + filter + " that no channel asks for");
    }
}
