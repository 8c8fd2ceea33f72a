// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

/**
 * Who is told of the events of a {@link Registration}. All methods are called on the loop's thread, and never after the
 * registration was closed. A method may do anything to any registration of the engine, its own included.
 */
public interface EventTarget {

    /**
     * The READ filter has something: {@link Registration#reader()} holds how much, end of file and errno. Called when the
     * filter is active, and when end of file is seen while it is blocked, so that a peer's close is noticed by an owner
     * that does not read.
     */
    void readReady(Registration registration);

    /** The WRITE filter, armed before with {@link Registration#armWrite()}, fired; it is no longer armed. */
    void writeReady(Registration registration);

    /** The kernel refused a change of this filter. */
    void refused(Registration registration, int filter, int errno);

    /**
     * An event of a filter that the owner submitted by itself, see {@link KQueueEngine#submit}; with EV_ERROR and no data, the
     * answer to a change with EV_RECEIPT that was good.
     */
    void event(Registration registration, int filter, int flags, int fflags, long data);
}
