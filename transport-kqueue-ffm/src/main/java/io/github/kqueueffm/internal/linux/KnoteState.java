// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.platform.KqueueConstants;

/**
 * One knote as the kernel of a BSD keeps it: whether it is there, enabled, active, and what a report does to it. Where
 * kernels differ it is NetBSD's.
 */
class KnoteState {

    private final KqueueConstants constants;
    final int filter;

    boolean added;
    boolean disabled;

    /** Its condition has come true since the last report. Set while it is disabled, too. */
    boolean active;

    /** It was active a while ago: to be looked at again before it is reported, as a kqueue does when it is scanned. */
    boolean stale;

    long udata;
    private int flags;

    KnoteState(KqueueConstants constants, int filter) {
        this.constants = constants;
        this.filter = filter;
    }

    /** The kind (level, EV_CLEAR, ...) and EV_RECEIPT stay those of the EV_ADD that made the knote. */
    void create(int changeFlags) {
        int kept = constants.EV_CLEAR() | constants.EV_DISPATCH() | constants.EV_ONESHOT() | constants.EV_RECEIPT();
        flags = constants.EV_ADD() | changeFlags & kept;
        added = true;
        disabled = false;
        active = false;
        stale = false;
    }

    void remove() {
        added = false;
        active = false;
        stale = false;
    }

    /** The flags to report it with, without EV_EOF. */
    int flags() {
        return flags;
    }

    /** Reported for as long as its condition holds. */
    final boolean isLevel() {
        return isLevel(constants, flags);
    }

    static boolean isLevel(KqueueConstants constants, int flags) {
        return (flags & (constants.EV_CLEAR() | constants.EV_DISPATCH() | constants.EV_ONESHOT())) == 0;
    }

    boolean isEnabled() {
        return added && !disabled;
    }

    boolean isReportable() {
        return isEnabled() && active && !stale;
    }

    boolean needsRecheck() {
        return isEnabled() && active && stale;
    }

    void activate() {
        active = true;
        stale = false;
    }

    void deactivate() {
        active = false;
        stale = false;
    }

    /** Active for all that is known, but nobody has looked just now. */
    void activateUnseen() {
        active = true;
        stale = true;
    }

    void enable() {
        if (disabled) {
            disabled = false;
            stale = active;
        }
    }

    /** It was reported. EV_CLEAR beside EV_DISPATCH wins, as observed on NetBSD. */
    void reported() {
        if (has(constants.EV_ONESHOT())) {
            remove();
        } else if (has(constants.EV_CLEAR())) {
            deactivate();
        } else if (has(constants.EV_DISPATCH())) {
            deactivate();
            disabled = true;
        } else {
            stale = true;
        }
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
