// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testing;

import org.jspecify.annotations.Nullable;

/** What a kqueue keeps for one (ident, filter). */
final class Knote {

    final long ident;
    final int filter;
    final FakeKqueue owner;

    /** EV_CLEAR, EV_ONESHOT and EV_DISPATCH as they were when the knote was added: nothing changes them afterwards. */
    final int kind;

    /** What it watches, null for filters that are not of a descriptor. */
    final @Nullable FakeDescriptor descriptor;

    int fflags;
    long data;
    long udata;
    boolean disabled;

    /** Has seen something that was not reported yet. Kept while disabled. */
    boolean active;

    /** On its kqueue's list of those that have something to report. */
    boolean queued;

    /** EVFILT_USER: triggered. Filters that a test fires: fired. */
    boolean fired;

    int firedFflags;
    long firedData;

    Knote(FakeKqueue owner, long ident, int filter, int kind, @Nullable FakeDescriptor descriptor) {
        this.owner = owner;
        this.ident = ident;
        this.filter = filter;
        this.kind = kind;
        this.descriptor = descriptor;
    }
}
