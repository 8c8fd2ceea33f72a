// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

/** Is told of what a count says too little of. Loop's thread. A method neither throws nor allocates while nobody listens. */
public interface LoopObserver {

    /** For nobody. */
    LoopObserver NONE = new LoopObserver() {
        @Override
        public void turnBegins() {}

        @Override
        public void handedOut(int events) {}

        @Override
        public void turnEnds() {}

        @Override
        public void failed(String call, int ident, int errno) {}
    };

    /** A wait is over. */
    void turnBegins();

    /** The events of that wait, so many, have been handed out. What the event loop does until the next wait are tasks. */
    void handedOut(int events);

    /** The next wait begins. Also without a {@link #turnBegins} before it. */
    void turnEnds();

    /**
     * A system call has failed in a way that is not part of normal work.
     *
     * @param call C name
     * @param ident descriptor or other ident, -1 for none
     * @param errno positive
     */
    void failed(String call, int ident, int errno);
}
