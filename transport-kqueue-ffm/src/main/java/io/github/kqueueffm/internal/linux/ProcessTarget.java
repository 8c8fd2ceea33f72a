// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.engine.KEventList;
import io.github.kqueueffm.internal.platform.KqueueConstants;

/** The EVFILT_PROC knote of one process, on a pidfd. Loop thread only. */
final class ProcessTarget extends KnoteTarget {

    final int pid;
    private final ProcessFilter filter;
    private final int endFlags;

    /** NOTE_EXIT if the caller wants to hear of it, else 0. */
    int wanted;

    /** NOTE_EXIT once it has ended. */
    private int happened;

    private long status;

    ProcessTarget(ProcessFilter filter, KqueueConstants constants, int pid, int pidfd) {
        super(filter.queue, constants, constants.EVFILT_PROC(), pidfd);
        this.filter = filter;
        this.pid = pid;
        endFlags = constants.EV_EOF() | constants.EV_ONESHOT();
    }

    @Override
    void fired(int mask) {
        if (knote.active) {
            // Told again when the parent has reaped it.
            return;
        }
        if (wanted == 0) {
            // The end of a process ends its knote, with a word only if that was asked for (filt_proc).
            filter.remove(this);
            return;
        }
        happened = wanted;
        status = filter.exitStatus.of(fd);
        activate();
    }

    @Override
    void report(KEventList events, int at) {
        events.set(at, pid, knote.filter, knote.flags() | endFlags, happened, status, knote.udata);
        filter.remove(this);
    }
}
