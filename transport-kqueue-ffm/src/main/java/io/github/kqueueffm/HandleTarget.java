// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.engine.FilterKind;
import io.github.kqueueffm.internal.engine.Registration;
import io.github.kqueueffm.internal.platform.KqueueConstants;

/** Hands the engine's events to a handle that is not a channel of ours, which submits its filters itself. */
final class HandleTarget implements KQueueIoRegistration.Owned {

    /** Of no consequence: the engine's own READ filter is not used for such a handle. */
    static final FilterKind READ_KIND = FilterKind.LEVEL;

    private final KQueueIoRegistration owner;
    private final KqueueConstants constants;
    private final KQueueIoEvent event = new KQueueIoEvent();

    HandleTarget(KQueueIoRegistration owner) {
        this.owner = owner;
        constants = Availability.binding().platform().kqueue();
    }

    @Override
    public KQueueIoRegistration owner() {
        return owner;
    }

    @Override
    public void readReady(Registration registration) {
        throw new IllegalStateException("a READ filter that was not submitted");
    }

    @Override
    public void writeReady(Registration registration) {
        throw new IllegalStateException("a WRITE filter that was not submitted");
    }

    @Override
    public void refused(Registration registration, int filter, int errno) {
        event(registration, filter, KQueueIoEvent.ERROR, 0, errno);
    }

    @Override
    public void event(Registration registration, int filter, int flags, int fflags, long data) {
        KQueueFilter name = KQueueFilter.of(constants, filter);
        if (name != null && owner.isValid()) {
            owner.handle().handle(owner, event.update(registration.ident(), name, flags, fflags, data));
        }
    }
}
