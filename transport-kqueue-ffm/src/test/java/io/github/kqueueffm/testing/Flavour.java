// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testing;

/** Where kernels disagree about what a change does. */
public enum Flavour {
    /**
     * Only EV_ADD replaces fflags, data and udata and looks at the descriptor again; EV_CLEAR makes EV_DISPATCH void
     * (observed on NetBSD 7.99.34).
     */
    NETBSD,
    /** Every change that is not EV_DELETE replaces fflags, data and udata and looks again (kqueue_register of 13.0). */
    FREEBSD
}
