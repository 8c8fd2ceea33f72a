// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.sys.Binding;
import org.jspecify.annotations.Nullable;

/**
 * Native arrays that the channels of one event loop take turns to use, each made when it is first needed. Event loop's
 * thread.
 *
 * <p>Whoever uses one is done with it before it calls anybody who could use it too: a read calls handlers, which may write;
 * a write completes promises, whose listeners may write to another channel. No read begins within another, so what was
 * received stays.
 */
public final class LoopMemory {

    /** Most datagrams of one call. */
    private static final int MESSAGES = 64;

    private final Binding binding;
    private @Nullable IovecArray iovecs;
    private @Nullable MessageArray received;
    private @Nullable MessageArray sent;

    public LoopMemory(Binding binding) {
        this.binding = binding;
    }

    /** For gathering writes. */
    public IovecArray iovecs() {
        IovecArray array = iovecs;
        if (array == null) {
            array = new IovecArray(binding);
            iovecs = array;
        }
        return array;
    }

    /** For datagrams to be received. */
    public MessageArray received() {
        MessageArray array = received;
        if (array == null) {
            array = new MessageArray(binding, CFunction.RECVMMSG, MESSAGES);
            received = array;
        }
        return array;
    }

    /** For datagrams to be sent. */
    public MessageArray sent() {
        MessageArray array = sent;
        if (array == null) {
            array = new MessageArray(binding, CFunction.SENDMMSG, MESSAGES);
            sent = array;
        }
        return array;
    }
}
