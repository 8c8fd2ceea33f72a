// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.echo;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Recorder;

/** What the client connections share with the thread that drives them. Safe for use by many threads. */
final class EchoSession {
    private static final int SIGNIFICANT_DIGITS = 3;

    private final EchoPayload payload;
    private final Recorder latencies = new Recorder(SIGNIFICANT_DIGITS);
    private final LongAdder answers = new LongAdder();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final CountDownLatch failed = new CountDownLatch(1);
    private volatile boolean stopping;

    EchoSession(EchoPayload payload) {
        this.payload = payload;
    }

    EchoPayload payload() {
        return payload;
    }

    /**
     * Counts an answer that is complete and right.
     *
     * @param nanos the time from the write of the message to the last byte of the answer
     */
    void answered(long nanos) {
        latencies.recordValue(nanos);
        answers.increment();
    }

    /** What has been counted so far, at once; the recorder has to wait for its writers, and may be late by some. */
    long answers() {
        return answers.sum();
    }

    /** The latency of each answer, in nanoseconds. */
    Recorder latencies() {
        return latencies;
    }

    /** Makes each connection close once the message that it is waiting for has come. */
    void stop() {
        stopping = true;
    }

    boolean stopping() {
        return stopping;
    }

    void fail(String failure) {
        failures.add(failure);
        failed.countDown();
    }

    /** Waits for the given time, less if something fails or has failed. */
    boolean awaitFailure(long nanos) throws InterruptedException {
        return failed.await(nanos, TimeUnit.NANOSECONDS);
    }

    List<String> failures() {
        return List.copyOf(failures);
    }
}
