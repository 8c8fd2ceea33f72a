// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import sun.misc.Signal;

/** Interrupts a system call of one thread by a real signal. */
final class Signals {

    /** Harmless, and not one that the JVM uses itself. */
    private static final Signal WINCH = new Signal("WINCH");

    private Signals() {}

    /**
     * Runs {@code call} in the calling thread and sends this thread signals until the call has returned: those that come
     * before it blocks do nothing, so the first one after that is sure to hit it.
     */
    static int interrupt(IntSupplier call) throws InterruptedException {
        NativeLibrary process = NativeLibrary.getProcess();
        Function kill = process.getFunction("pthread_kill");
        long self = process.getFunction("pthread_self").invokeLong(new Object[0]);
        CountDownLatch returned = new CountDownLatch(1);
        // Without a handler the kernel drops the signal and interrupts nothing.
        sun.misc.SignalHandler before = Signal.handle(WINCH, signal -> {});
        Thread sender = new Thread(() -> {
            try {
                while (!returned.await(5, TimeUnit.MILLISECONDS)) {
                    int error = kill.invokeInt(new Object[] {self, WINCH.getNumber()});
                    if (error != 0) {
                        throw new AssertionError("pthread_kill: " + error);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        sender.start();
        try {
            return call.getAsInt();
        } finally {
            returned.countDown();
            sender.join();
            Signal.handle(WINCH, before);
        }
    }
}
