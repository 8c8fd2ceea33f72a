// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testing;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Where kernels disagree about what kevent(2) does. */
public enum Flavour {
    /** kqueue_register and kqueue_kevent of 13.0. */
    FREEBSD(Trait.REPLACES_WITHOUT_ADD, Trait.CLEAR_TAKES_TRIGGER_BACK, Trait.SKIPS_FILTER_0),
    /** Observed on 7.99.34; filt_usertouch is of 10. */
    NETBSD(Trait.CLEAR_VOIDS_DISPATCH, Trait.REPORTS_ADD, Trait.CLEAR_TAKES_TRIGGER_BACK),
    /** kern_event.c 1.205. */
    OPENBSD(Trait.REPLACES_WITHOUT_ADD, Trait.CLEAR_TAKES_TRIGGER_BACK),
    /** kern_event.c and filt_soread of 5.9. */
    DRAGONFLY(Trait.CLEAR_TAKES_TRIGGER_BACK, Trait.MARKS_ENDS),
    /** bsd/kern/kern_event.c of xnu 11417. */
    DARWIN(Trait.REPLACES_WITHOUT_ADD, Trait.ERRORS_KEEP_FLAGS, Trait.RECEIPTS_WITHOUT_ROOM);

    private enum Trait {
        REPLACES_WITHOUT_ADD,
        CLEAR_VOIDS_DISPATCH,
        CLEAR_TAKES_TRIGGER_BACK,
        REPORTS_ADD,
        ERRORS_KEEP_FLAGS,
        RECEIPTS_WITHOUT_ROOM,
        SKIPS_FILTER_0,
        MARKS_ENDS
    }

    private final Set<Trait> traits = EnumSet.noneOf(Trait.class);

    Flavour(Trait... traits) {
        this.traits.addAll(Set.of(traits));
    }

    /** That of the system's kernel; FreeBSD's, which libkqueue follows, for Linux. */
    public static Flavour of(String os) {
        return os.equals("linux") ? FREEBSD : valueOf(os.toUpperCase(Locale.ROOT));
    }

    /** Every change that is not EV_DELETE replaces fflags, data and udata and looks at the descriptor again, not only EV_ADD. */
    boolean replacesWithoutAdd() {
        return traits.contains(Trait.REPLACES_WITHOUT_ADD);
    }

    /** EV_CLEAR makes EV_DISPATCH void. */
    boolean clearVoidsDispatch() {
        return traits.contains(Trait.CLEAR_VOIDS_DISPATCH);
    }

    /** A change of a user event that has EV_CLEAR takes back even the trigger that it carries. */
    boolean clearTakesTriggerBack() {
        return traits.contains(Trait.CLEAR_TAKES_TRIGGER_BACK);
    }

    /** Events have EV_ADD in their flags. */
    boolean reportsAdd() {
        return traits.contains(Trait.REPORTS_ADD);
    }

    /** An error entry has the flags of its change besides EV_ERROR. */
    boolean errorsKeepFlags() {
        return traits.contains(Trait.ERRORS_KEEP_FLAGS);
    }

    /** A receipt that finds no room does not end the list. */
    boolean receiptsWithoutRoom() {
        return traits.contains(Trait.RECEIPTS_WITHOUT_ROOM);
    }

    /** A change with filter 0 is neither applied nor an error. */
    boolean skipsFilter0() {
        return traits.contains(Trait.SKIPS_FILTER_0);
    }

    /** Beside EV_EOF events have EV_NODATA when nothing is left, and EV_HUP when both directions have ended. */
    boolean marksEnds() {
        return traits.contains(Trait.MARKS_ENDS);
    }
}
