// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.Call.KeventCall;
import io.github.kqueueffm.testing.FakeSocket;
import io.github.kqueueffm.testing.Kevent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** More changes, or more events, than a list holds. */
@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKernel")
class FullListTest {

    private final Platform platform;

    FullListTest(Platform platform) {
        this.platform = platform;
    }

    @Test
    void aFullListIsSentEarlyAndLosesAndRepeatsNothing() {
        EngineFixture f = new EngineFixture(platform, 8);
        List<Registration> registrations = f.startReading(f.readableSockets(20));
        assertThat(f.kernel.kevents())
                .extracting(call -> call.changes().size())
                .as("sent before any turn")
                .containsExactly(8, 8);

        while (f.target.reads().size() < 20 && f.turn() > 0) {}

        assertThat(f.kernel.changes())
                .containsExactlyElementsOf(
                        registrations.stream().map(f::readAdded).toList());
        assertThat(f.target.reads()).containsExactlyElementsOf(registrations);
        assertThat(f.turn()).isZero();
    }

    @Test
    void aFlushDoesNotWaitAndHasRoomForAnErrorOfEachChange() {
        EngineFixture f = new EngineFixture(platform, 3);
        f.startReading(f.readableSockets(4));

        KeventCall flush = f.kernel.kevents().get(0);
        assertThat(flush.timeoutNanos()).isZero();
        assertThat(flush.capacity()).isGreaterThanOrEqualTo(flush.changes().size());
    }

    @Test
    void aChangeOfAKnoteThatIsOnTheFullListNeedsNoFlush() {
        EngineFixture f = new EngineFixture(platform, 1);
        Registration registration = f.register(f.kernel.newSocket());
        f.engine.submit(registration, f.c.EVFILT_TIMER(), f.c.EV_ADD(), 0, 10);
        f.engine.submit(registration, f.c.EVFILT_TIMER(), f.c.EV_ADD(), 0, 20);

        assertThat(f.kernel.kevents()).isEmpty();
        assertThat(f.changesOfATurn()).extracting(Kevent::data).containsExactly(20L);
    }

    @Test
    void eventsThatComeWithAFlushAreHandedOutAfterTheBatch() {
        EngineFixture f = new EngineFixture(platform, 2);
        List<FakeSocket> sockets = f.readableSockets(5);
        List<Registration> all = new ArrayList<>();
        sockets.forEach(socket -> all.add(f.register(socket)));
        all.get(0).startReading();
        all.get(1).startReading();
        f.target.onRead = registration -> {
            if (registration == all.get(0)) {
                all.get(2).startReading();
                all.get(3).startReading();
                // No room: sends the two, and the kernel answers with their events.
                all.get(4).startReading();
                assertThat(f.target.reads()).containsExactly(all.get(0));
            }
        };

        assertThat(f.turn()).isEqualTo(4);

        assertThat(f.target.reads()).containsExactly(all.get(0), all.get(1), all.get(2), all.get(3));
        assertThat(f.turn()).isEqualTo(1);
        assertThat(f.target.reads()).containsExactlyElementsOf(all);
    }

    @Test
    void manyFlushesFromOneHandlerKeepTheEventsOfEach() {
        EngineFixture f = new EngineFixture(platform, 200);
        Registration first = f.register(f.kernel.newSocket().arrive(1));
        List<FakeSocket> sockets = f.readableSockets(900);
        List<Registration> all = new ArrayList<>();
        first.startReading();
        f.target.onRead = registration -> {
            if (registration == first) {
                all.addAll(f.startReading(sockets));
            }
        };

        assertThat(f.turn()).isEqualTo(1 + 800);
        f.turn();

        all.add(0, first);
        assertThat(f.target.reads()).containsExactlyElementsOf(all);
    }

    /** Some of the events handed out after the batch bring more of their kind. */
    @Test
    void aFlushWhileTheEventsOfAFlushAreHandedOutLosesAndRepeatsNothing() {
        EngineFixture f = new EngineFixture(platform, 200);
        Registration first = f.register(f.kernel.newSocket().arrive(1));
        List<FakeSocket> sockets = f.readableSockets(900);
        List<Registration> all = new ArrayList<>();
        first.startReading();
        f.target.onRead = registration -> {
            if (registration == first) {
                all.addAll(f.startReading(sockets.subList(0, 300)));
            } else if (all.size() == 300) {
                all.addAll(f.startReading(sockets.subList(300, 900)));
            }
        };

        while (f.turn() > 0) {}

        all.add(0, first);
        assertThat(f.target.reads()).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void aTurnAfterAFlushThatBroughtEventsDoesNotWait() {
        EngineFixture f = new EngineFixture(platform, 1);
        List<Registration> registrations = f.startReading(f.readableSockets(2));
        assertThat(f.engine.hasReady()).isTrue();

        assertThat(f.turnForever()).isEqualTo(2);

        assertThat(f.target.reads()).containsExactlyElementsOf(registrations);
        assertThat(f.engine.hasReady()).isFalse();
    }

    /** As when each turn is followed by a task that cancels a registration. */
    @Test
    void aLoopThatFlushesBeforeEachTurnStillAsksForEvents() {
        EngineFixture f = new EngineFixture(platform);
        FakeSocket busy = f.kernel.newSocket();
        Registration level = f.engine.register(busy.fd(), FilterKind.LEVEL, f.target);
        level.startReading();
        FakeSocket other = f.kernel.newSocket();
        Registration second = f.reading(other);
        busy.arrive(1);
        other.arrive(1);
        Registration late = f.register(f.kernel.newSocket().arrive(1));
        for (int i = 0; i < 3; i++) {
            f.engine.submit(level, f.c.EVFILT_TIMER(), f.c.EV_ADD(), 1, 5);
            f.engine.submit(level, f.c.EVFILT_TIMER(), f.c.EV_ADD(), 2, 5);
            late.startReading();
            f.turn();
        }

        assertThat(f.target.reads()).contains(level, second, late);
        assertThat(f.kernel.hasKnote(f.kq(), late.ident(), f.c.EVFILT_READ())).isTrue();
        assertThat(f.kernel.kevents())
                .filteredOn(call -> call.capacity() >= 256)
                .hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void handlersThatBringEventsWithoutEndDoNotKeepATurnFromEnding() {
        EngineFixture f = new EngineFixture(platform);
        Registration level = f.engine.register(f.kernel.newSocket().arrive(1).fd(), FilterKind.LEVEL, f.target);
        level.startReading();
        f.target.onRead = told -> {
            // The first waits, so that the second sends it early, and the kernel tells of the level once more.
            f.engine.submit(level, f.c.EVFILT_TIMER(), f.c.EV_ADD(), 1, 5);
            f.engine.submit(level, f.c.EVFILT_TIMER(), f.c.EV_ADD(), 2, 5);
        };

        for (int i = 0; i < 3; i++) {
            assertThat(f.turnForever()).isBetween(1, 100);
        }
    }

    @Test
    void aListOfOneEntryLosesNothing() {
        EngineFixture f = new EngineFixture(platform, 1);
        List<Registration> registrations = f.startReading(f.readableSockets(10));
        registrations.forEach(Registration::armWrite);

        while (f.turn() > 0) {}

        assertThat(f.target.reads()).containsExactlyInAnyOrderElementsOf(registrations);
        assertThat(f.target.writes()).containsExactlyInAnyOrderElementsOf(registrations);
        assertThat(f.kernel.changes()).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void changesThatFitTheLimitGoInOneCall() {
        EngineFixture f = new EngineFixture(platform, 1024);
        List<Registration> registrations = f.startReading(f.readableSockets(1024));

        f.turn();

        assertThat(f.kernel.kevents()).hasSize(1);
        assertThat(f.kernel.changes())
                .containsExactlyElementsOf(
                        registrations.stream().map(f::readAdded).toList());
    }

    @Test
    void moreEventsThanTheListHoldsAreAllHandedOutAndTheListGrows() {
        EngineFixture f = new EngineFixture(platform, 1000);
        List<FakeSocket> sockets = new ArrayList<>();
        for (int i = 0; i < 2100; i++) {
            sockets.add(f.kernel.newSocket());
        }
        List<Registration> registrations = new ArrayList<>();
        // In portions, so that it is not the changes that make the list grow.
        for (int from = 0; from < 2100; from += 100) {
            registrations.addAll(f.startReading(sockets.subList(from, from + 100)));
            f.turn();
        }
        f.kernel.clearLog();
        sockets.forEach(socket -> socket.arrive(1));

        assertThat(List.of(f.turn(), f.turn(), f.turn(), f.turn(), f.turn())).containsExactly(256, 512, 1000, 332, 0);

        assertThat(f.kernel.kevents()).extracting(KeventCall::capacity).containsExactly(256, 512, 1000, 1000, 1000);
        assertThat(f.target.reads()).containsExactlyElementsOf(registrations);
    }
}
