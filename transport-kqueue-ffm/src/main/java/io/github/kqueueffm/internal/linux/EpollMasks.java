// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.platform.EpollConstants;

/** The bits of epoll_event.events as single values, and the sets of them that a descriptor is registered with. */
final class EpollMasks {

    final int in;
    final int out;
    final int rdhup;
    final int hup;
    final int err;

    /** Without it a registration is level-triggered. */
    final int edge;

    /** Every condition of a descriptor, each told once. */
    final int full;

    /** Those of a connection of which nobody wants to know whether it is writable. */
    final int reading;

    /** A listener's registration: told for as long as it is so. */
    final int level;

    /**
     * The least to register for. EPOLLHUP comes unasked, so it must be an edge; and what EPOLLHUP means shows by
     * EPOLLRDHUP ({@link Conditions}).
     */
    final int silent;

    EpollMasks(EpollConstants constants) {
        in = constants.EPOLLIN();
        out = constants.EPOLLOUT();
        rdhup = constants.EPOLLRDHUP();
        hup = constants.EPOLLHUP();
        err = constants.EPOLLERR();
        edge = constants.EPOLLET();
        full = in | out | rdhup | edge;
        reading = in | rdhup | edge;
        level = in | rdhup;
        silent = rdhup | edge;
    }
}
