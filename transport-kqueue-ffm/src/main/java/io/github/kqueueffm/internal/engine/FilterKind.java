// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

/** How a knote is triggered. A knote never changes its kind: kernels keep the flags it was added with. */
public enum FilterKind {
    /**
     * EV_CLEAR: told once per arrival. Made quiet with a low-water mark (NOTE_LOWAT) that no receive buffer reaches, not
     * with EV_DISABLE: end of file and errors are tested before the mark (filt_soread of all five kernels), so a peer's
     * close is still told while its data is not.
     */
    EDGE,
    /** Told while it is so. Made quiet with EV_DISABLE: it would be told again at every wait otherwise. */
    LEVEL,
    /**
     * EV_DISPATCH: told once, then disabled by the kernel until it is armed again. Always armed with EV_ADD|EV_ENABLE,
     * since EV_ENABLE alone does not report what was there before (NetBSD).
     */
    ONE_SHOT,
    /** Of the owner's own making, see {@link KQueueEngine#submit}. */
    RAW
}
