// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * What the connections of one listening socket start with: the options that were set on it before listen(2) and that its
 * platform hands down. A connection that is asked to set such an option to the very same value has nothing to do.
 *
 * <p>The platform's word is not taken for it: the first connection to need an option asks the kernel, once for each listener
 * and option. Any thread.
 *
 * <p>Immutable but for what was found out. When an option of the listener changes later, its holder puts {@link #without}
 * in the place of this <em>before</em> it makes the system call: whoever accepts a connection and finds an option here
 * afterwards knows that the connection was made under the old value.
 */
public final class KnownOptions {

    private static final AtomicIntegerFieldUpdater<KnownOptions> CONFIRMED =
            AtomicIntegerFieldUpdater.newUpdater(KnownOptions.class, "confirmed");
    private static final AtomicIntegerFieldUpdater<KnownOptions> DENIED =
            AtomicIntegerFieldUpdater.newUpdater(KnownOptions.class, "denied");

    private static final int OPTIONS = SocketOption.values().length;

    /** Options by {@link #bit}. */
    private final int known;

    /** By ordinal: what was set, and what the kernel made of it. */
    private final int[] values;

    private final int[] answers;

    private volatile int confirmed;
    private volatile int denied;

    /** A sibling's SO_SNDBUF, bytes; 0 as long as nobody has asked. */
    private volatile int sendBufferSample;

    private KnownOptions(int known, int[] values, int[] answers) {
        this.known = known;
        this.values = values;
        this.answers = answers;
    }

    /** For a listener of which nothing is known, since it was listening before it came here. */
    public static KnownOptions none() {
        return new KnownOptions(0, new int[0], new int[0]);
    }

    /**
     * @param listener not listening yet
     * @param set the options that were set on it and their values
     */
    public static KnownOptions of(NativeSocket listener, Map<SocketOption, Integer> set) throws IOException {
        int known = 0;
        int[] values = new int[OPTIONS];
        int[] answers = new int[OPTIONS];
        for (Map.Entry<SocketOption, Integer> entry : new EnumMap<>(set).entrySet()) {
            SocketOption option = entry.getKey();
            if (option.isInherited(listener.binding().platform())) {
                known |= bit(option);
                values[option.ordinal()] = entry.getValue();
                // Linux answers twice the buffer size that was set: compare answers with answers.
                answers[option.ordinal()] = listener.option(option);
            }
        }
        return new KnownOptions(known, values, answers);
    }

    /** The same without {@code option}. */
    public KnownOptions without(SocketOption option) {
        if ((known & bit(option)) == 0) {
            return this;
        }
        KnownOptions rest = new KnownOptions(known & ~bit(option), values, answers);
        rest.confirmed = confirmed;
        rest.denied = denied;
        rest.sendBufferSample = option == SocketOption.SO_SNDBUF ? 0 : sendBufferSample;
        return rest;
    }

    /**
     * Whether {@code child} has {@code option} set to {@code value} since it was accepted. The caller has not set it since.
     *
     * @throws IOException if the kernel had to be asked and did not answer
     */
    public boolean has(SocketOption option, int value, NativeSocket child) throws IOException {
        int bit = bit(option);
        if ((known & bit) == 0 || values[option.ordinal()] != value || (denied & bit) != 0) {
            return false;
        }
        if ((confirmed & bit) != 0) {
            return true;
        }
        boolean inherited = child.option(option) == answers[option.ordinal()];
        (inherited ? CONFIRMED : DENIED).getAndUpdate(this, bits -> bits | bit);
        return inherited;
    }

    /**
     * The SO_SNDBUF of the first connection that asked, bytes; only a measure for how much to gather into one write, since
     * systems that tune buffers give each connection its own.
     */
    public int sendBufferSample(NativeSocket child) throws IOException {
        int sample = sendBufferSample;
        if (sample == 0) {
            sample = child.option(SocketOption.SO_SNDBUF);
            sendBufferSample = sample;
        }
        return sample;
    }

    /** The bit that stands for {@code option} in a set of options kept in an int. */
    public static int bit(SocketOption option) {
        return 1 << option.ordinal();
    }
}
