// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.engine.KQueueEngine;
import io.github.kqueueffm.internal.engine.KqueueKernel;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.testing.ScriptedKernel;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.ManualIoEventLoop;

/** An event loop on a kernel in memory, run by the calling thread, for tests outside this package. */
public final class ScriptedLoop {

    private static final int MAX_EVENTS = 4096;

    private ScriptedLoop() {}

    /** @param kernel with the record of the running platform, whose numbers all handles use */
    public static ManualIoEventLoop on(ScriptedKernel kernel) {
        return new ManualIoEventLoop(
                Thread.currentThread(),
                executor -> new KQueueIoHandler(
                        executor,
                        DefaultSelectStrategyFactory.INSTANCE.newSelectStrategy(),
                        new Binding("scripted", kernel.platform(), kernel),
                        new KQueueEngine(
                                kernel,
                                kernel.platform(),
                                new KqueueKernel(kernel, kernel.platform()),
                                MAX_EVENTS,
                                null)));
    }
}
