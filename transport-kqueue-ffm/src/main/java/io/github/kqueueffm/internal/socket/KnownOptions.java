// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * What the connections of one listening socket start with: the options that were set on it before listen(2) and that its
 * platform hands down. A connection that is asked to set such an option to the very same value has nothing to do.
 *
 * <p>The platform's word is not taken for it: the first connection to need an option asks the kernel, once for each listener
 * and option.
 *
 * <p>When an option of the listener changes later, {@link #forget} comes <em>before</em> the system call, and a connection
 * asks {@link #known} <em>after</em> it was accepted: what it finds then was the listener's when the kernel made the
 * connection. What it has found stays true for it whatever becomes of the listener. Any thread.
 */
public final class KnownOptions {

    private static final AtomicIntegerFieldUpdater<KnownOptions> KNOWN =
            AtomicIntegerFieldUpdater.newUpdater(KnownOptions.class, "known");
    private static final AtomicIntegerFieldUpdater<KnownOptions> CONFIRMED =
            AtomicIntegerFieldUpdater.newUpdater(KnownOptions.class, "confirmed");
    private static final AtomicIntegerFieldUpdater<KnownOptions> DENIED =
            AtomicIntegerFieldUpdater.newUpdater(KnownOptions.class, "denied");

    private static final int OPTIONS = SocketOption.values().length;

    /** By ordinal: what was set, and what the kernel made of it. Written before {@link #known}. */
    private final int[] values = new int[OPTIONS];

    private final int[] answers = new int[OPTIONS];

    /** Sets of options, see {@link #bit}. */
    private volatile int known;

    private volatile int confirmed;
    private volatile int denied;

    private volatile boolean noDelay = true;

    /** A sibling's SO_SNDBUF, bytes; 0 as long as nobody has asked. */
    private volatile int sendBufferSample;

    /**
     * Takes note of what a listener hands down. Once, right before listen(2).
     *
     * @param set the options that were set on it and their values
     */
    public void capture(NativeSocket listener, Map<SocketOption, Integer> set) throws IOException {
        int bits = 0;
        for (Map.Entry<SocketOption, Integer> entry : set.entrySet()) {
            SocketOption option = entry.getKey();
            if (option.isInherited(listener.binding().platform())) {
                values[option.ordinal()] = entry.getValue();
                // Linux answers twice the buffer size that was set: compare answers with answers.
                answers[option.ordinal()] = listener.option(option);
                bits |= bit(option);
            }
        }
        known = bits;
    }

    /** The listener's {@code option} is about to change. */
    public void forget(SocketOption option) {
        KNOWN.accumulateAndGet(this, ~bit(option), (before, rest) -> before & rest);
    }

    /** Any option of the listener is about to change. */
    public void forgetAll() {
        known = 0;
    }

    /** The options that a connection has from its listener, if it was accepted before this call. */
    public int known() {
        return known;
    }

    /**
     * Whether {@code child} has {@code option} set to {@code value} since it was accepted. Only to be asked for an option that was
     * {@link #known} after its accept, and that was not set on it since.
     *
     * @throws IOException if the kernel had to be asked and did not answer
     */
    public boolean has(SocketOption option, int value, NativeSocket child) throws IOException {
        int bit = bit(option);
        if (values[option.ordinal()] != value || (denied & bit) != 0) {
            return false;
        }
        if ((confirmed & bit) != 0) {
            return true;
        }
        boolean inherited = child.option(option) == answers[option.ordinal()];
        (inherited ? CONFIRMED : DENIED).accumulateAndGet(this, bit, (before, more) -> before | more);
        return inherited;
    }

    /** Whether connections are to have TCP_NODELAY where nothing else is said; they are by default, as in all of Netty. */
    public boolean isNoDelay() {
        return noDelay;
    }

    public void setNoDelay(boolean noDelay) {
        this.noDelay = noDelay;
    }

    /**
     * The SO_SNDBUF of the first connection that asked, bytes; only a measure for how much to gather into one write, since
     * systems that tune buffers give each connection its own.
     */
    int sendBufferSample(NativeSocket child) throws IOException {
        int sample = sendBufferSample;
        if (sample == 0) {
            sample = child.option(SocketOption.SO_SNDBUF);
            sendBufferSample = sample;
        }
        return sample;
    }

    /** The bit that stands for {@code option} in a set of options. */
    public static int bit(SocketOption option) {
        return 1 << option.ordinal();
    }
}
