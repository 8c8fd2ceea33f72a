// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.kqueueffm.internal.platform.KeventLayout;
import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.ScriptedKernel;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Once an engine has what it needs, a turn allocates nothing. */
@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKevent")
class AllocationTest {

    private static final int CHANNELS = 40;
    private static final int TURNS = 20_000;

    /**
     * A kernel that allocates nothing itself. Each wait is interrupted once and woken once, then finds that every channel
     * can be read and written.
     */
    private static final class LeanKernel extends ScriptedKernel {
        private final KeventLayout layout;
        private final KqueueConstants c;
        private long[] addresses = new long[0];
        private ByteBuffer[] buffers = new ByteBuffer[0];
        private final long[] udata = new long[CHANNELS];
        private final int eintr;
        private @Nullable KQueueEngine engine;
        private boolean interrupted;
        long changes;
        long flushes;
        long triggers;

        LeanKernel(Platform platform) {
            super(platform);
            layout = platform.kevent();
            c = platform.kqueue();
            eintr = platform.errno().EINTR();
        }

        @Override
        public long address(ByteBuffer direct) {
            long address = super.address(direct);
            int count = addresses.length;
            addresses = Arrays.copyOf(addresses, count + 1);
            buffers = Arrays.copyOf(buffers, count + 1);
            addresses[count] = address;
            buffers[count] = direct;
            return address;
        }

        @Override
        public int kevent(int kq, long changes, int changeCount, long events, int eventCapacity, long timespec) {
            KQueueEngine loop = engine;
            if (loop == null) {
                return super.kevent(kq, changes, changeCount, events, eventCapacity, timespec);
            }
            this.changes += changeCount;
            if (eventCapacity == 0) {
                triggers++;
                return 0;
            }
            ByteBuffer buffer = bufferAt(events);
            if (eventCapacity == changeCount) {
                flushes++;
                put(buffer, 0, 0, c.EVFILT_READ());
                return 1;
            }
            interrupted = !interrupted;
            if (interrupted) {
                loop.wakeup();
                return -eintr;
            }
            int count = Math.min(2 * CHANNELS, eventCapacity);
            for (int i = 0; i < count; i++) {
                put(buffer, i, i / 2, (i & 1) == 0 ? c.EVFILT_READ() : c.EVFILT_WRITE());
            }
            return count;
        }

        private void put(ByteBuffer buffer, int index, int channel, int filter) {
            int at = index * layout.size();
            buffer.putLong(at + layout.ident(), channel);
            if (layout.filterSize() == Short.BYTES) {
                buffer.putShort(at + layout.filter(), (short) filter);
                buffer.putShort(at + layout.flags(), (short) 0);
            } else {
                buffer.putInt(at + layout.filter(), filter);
                buffer.putInt(at + layout.flags(), 0);
            }
            buffer.putInt(at + layout.fflags(), 0);
            buffer.putLong(at + layout.data(), 10);
            buffer.putLong(at + layout.udata(), udata[channel]);
        }

        private ByteBuffer bufferAt(long address) {
            for (int i = addresses.length - 1; i >= 0; i--) {
                if (addresses[i] == address) {
                    return buffers[i];
                }
            }
            throw new AssertionError();
        }
    }

    /** Writes as often as it may; of the readers some stop reading, some read all and some leave a rest. */
    private static final class BusyTarget implements EventTarget {
        /** Whether a rest is left for the next turn, which then does not wait. */
        boolean leaving;

        long reads;
        long writes;

        @Override
        public void readReady(Registration registration) {
            reads++;
            switch (registration.ident() % 3) {
                case 0:
                    registration.stopReading();
                    break;
                case 1:
                    registration.reader().consumed(10);
                    break;
                default:
                    registration.reader().consumed(3);
                    if (leaving) {
                        registration.readAgain();
                    }
            }
        }

        @Override
        public void writeReady(Registration registration) {
            writes++;
            registration.armWrite();
        }

        @Override
        public void refused(Registration registration, int filter, int errno) {
            throw new AssertionError();
        }

        @Override
        public void event(Registration registration, int filter, int flags, int fflags, long data) {
            throw new AssertionError();
        }
    }

    private final Platform platform;

    AllocationTest(Platform platform) {
        this.platform = platform;
    }

    @Test
    void aTurnAllocatesNothing() {
        // Fewer entries than there are events.
        measure(CHANNELS / 2);
    }

    @Test
    void aTurnWithRoomForAllChangesAllocatesNothing() {
        measure(1024);
    }

    private void measure(int maxEntries) {
        LeanKernel kernel = new LeanKernel(platform);
        KQueueEngine engine = new KQueueEngine(kernel, platform, new KqueueKernel(kernel, platform), maxEntries, null);
        BusyTarget target = new BusyTarget();
        Registration[] registrations = new Registration[CHANNELS];
        for (int i = 0; i < CHANNELS; i++) {
            registrations[i] = engine.register(i, FilterKind.EDGE, target);
            kernel.udata[i] = registrations[i].udata();
        }
        kernel.engine = engine;
        run(engine, target, registrations);
        run(engine, target, registrations);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        threads.getCurrentThreadAllocatedBytes();
        long reads = target.reads;
        long writes = target.writes;
        long changes = kernel.changes;
        long flushes = kernel.flushes;
        long triggers = kernel.triggers;

        long before = threads.getCurrentThreadAllocatedBytes();
        run(engine, target, registrations);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(before).as("the JVM measures").isPositive();
        // Less than a byte a turn: nothing that a turn does each time, and nothing that one of a hundred does.
        assertThat(allocated).isLessThan(TURNS / 10);
        assertThat(target.reads - reads).isGreaterThan(TURNS);
        assertThat(target.writes - writes).isGreaterThan(TURNS);
        assertThat(kernel.changes - changes).isGreaterThan(TURNS);
        assertThat(kernel.triggers - triggers).isGreaterThan(TURNS / 5);
        assertThat(kernel.flushes - flushes).isGreaterThanOrEqualTo(TURNS / 4);
    }

    private static void run(KQueueEngine engine, BusyTarget target, Registration[] registrations) {
        for (int i = 0; i < TURNS; i++) {
            for (Registration registration : registrations) {
                if ((i & 3) == 0) {
                    registration.startReading();
                }
                registration.armWrite();
            }
            if ((i & 3) == 1) {
                // The second does not take the place of the first: that one is sent early, with what waits besides.
                engine.submit(
                        registrations[0],
                        engine.constants().EVFILT_TIMER(),
                        engine.constants().EV_ADD(),
                        1,
                        1);
                engine.submit(
                        registrations[0],
                        engine.constants().EVFILT_TIMER(),
                        engine.constants().EV_ADD(),
                        2,
                        2);
            }
            target.leaving = (i & 3) == 0;
            engine.prepareTurn();
            engine.turn(System.nanoTime() + TimeUnit.SECONDS.toNanos(1));
        }
    }
}
