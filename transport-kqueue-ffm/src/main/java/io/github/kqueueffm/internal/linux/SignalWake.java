// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.engine.KEventList;

/** The eventfd that ends the wait of a kqueue when a signal has come: edge-triggered and never read, as {@link UserEvent}'s. */
final class SignalWake extends EpollTarget {

    private final SignalFilter filter;

    SignalWake(SignalFilter filter, int eventfd) {
        super(eventfd);
        this.filter = filter;
    }

    @Override
    void fired(int mask) {
        filter.collect();
    }

    @Override
    boolean isPending() {
        return false;
    }

    @Override
    int deliver(KEventList events, int at, int room) {
        return 0;
    }
}
