// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.FakeSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Channels that stop reading before the end, as at maxMessagesPerRead: an edge is told once, so the loop remembers them. */
@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKernel")
class ReadyListTest {

    private final EngineFixture f;

    ReadyListTest(Platform platform) {
        f = new EngineFixture(platform);
    }

    @Test
    void aChannelThatStoppedIsReadAgainInTheNextTurnWhichDoesNotWait() {
        FakeSocket socket = f.kernel.newSocket().arrive(100);
        Registration registration = f.register(socket);
        registration.startReading();
        f.target.onRead = told -> {
            socket.take(40);
            told.reader().consumed(40);
            told.readAgain();
        };
        f.turn();
        assertThat(registration.reader().available()).isEqualTo(60);
        assertThat(f.engine.hasReady()).isTrue();
        f.target.onRead = told -> {};
        f.kernel.clearLog();

        assertThat(f.turnForever()).isEqualTo(1);

        assertThat(f.kernel.lastKevent().timeoutNanos()).isZero();
        assertThat(f.kernel.lastKevent().events()).isEmpty();
        assertThat(f.target.reads()).containsExactly(registration, registration);
        assertThat(f.target.last().data()).isEqualTo(60);
        assertThat(f.engine.hasReady()).isFalse();
    }

    @Test
    void aChannelThatAlwaysStopsHasOneTurnAtATimeAndDoesNotKeepOthersOut() {
        FakeSocket greedySocket = f.kernel.newSocket().arrive(1000);
        FakeSocket otherSocket = f.kernel.newSocket();
        Registration greedy = f.register(greedySocket);
        greedy.startReading();
        Registration other = f.reading(otherSocket);
        f.target.told.clear();
        greedy.readAgain();
        f.target.onRead = told -> {
            if (told == greedy) {
                told.readAgain();
            }
        };

        for (int i = 0; i < 3; i++) {
            otherSocket.arrive(1);
            assertThat(f.turnForever()).isEqualTo(2);
        }

        assertThat(f.target.reads()).containsExactly(other, greedy, other, greedy, other, greedy);
    }

    @Test
    void scheduledTwiceItIsToldOnce() {
        Registration registration = f.reading(f.kernel.newSocket().arrive(1));
        f.target.told.clear();
        registration.readAgain();
        registration.readAgain();
        registration.startReading();

        assertThat(f.turn()).isEqualTo(1);
        assertThat(f.turn()).isZero();
    }

    @Test
    void theyAreToldInTheOrderInWhichTheyStopped() {
        List<Registration> all = f.startReading(f.readableSockets(300));
        f.turn();
        f.turn();
        f.target.told.clear();
        // Moves the head of the ring, so that growing has to join two ends.
        all.subList(0, 40).forEach(Registration::readAgain);
        assertThat(f.turn()).isEqualTo(40);
        f.target.told.clear();

        List<Registration> order = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Registration registration = all.get(i * 7 % 300);
            registration.readAgain();
            order.add(registration);
        }
        assertThat(f.turn()).isEqualTo(300);

        assertThat(f.target.reads()).containsExactlyElementsOf(order);
        assertThat(f.engine.hasReady()).isFalse();
    }

    @Test
    void oneThatStoppedReadingMeanwhileIsToldWhenItStartsAgain() {
        Registration registration = f.reading(f.kernel.newSocket().arrive(1));
        f.target.told.clear();
        registration.readAgain();
        registration.stopReading();
        assertThat(f.turn()).isZero();
        f.kernel.clearLog();

        registration.startReading();

        assertThat(f.turnForever()).isEqualTo(1);
        assertThat(f.target.reads()).containsExactly(registration);
        assertThat(f.kernel.changes()).isEmpty();
    }

    @Test
    void oneThatUsedUpWhatThereWasIsNotTold() {
        FakeSocket socket = f.kernel.newSocket().arrive(3);
        Registration registration = f.reading(socket);
        f.target.told.clear();
        registration.readAgain();
        registration.reader().consumed(3);

        assertThat(registration.reader().ready()).isFalse();
        assertThat(f.turn()).isZero();
    }

    @Test
    void oneThatSawEagainIsNotTold() {
        Registration registration = f.reading(f.kernel.newSocket().arrive(3));
        f.target.told.clear();
        registration.readAgain();
        registration.reader().exhausted();

        assertThat(registration.reader().ready()).isFalse();
        assertThat(registration.reader().available()).isZero();
        assertThat(f.turn()).isZero();
    }

    @Test
    void whoReadsMoreThanWasAnnouncedHasNothingLeftAndIsToldOfTheNextArrival() {
        FakeSocket socket = f.kernel.newSocket().arrive(3);
        Registration registration = f.reading(socket);
        socket.arrive(4).take(5);
        registration.reader().consumed(5);
        assertThat(registration.reader().available()).isZero();
        assertThat(registration.reader().ready()).isFalse();

        assertThat(f.turn()).isEqualTo(1);

        assertThat(f.target.last().data()).isEqualTo(2);
    }

    @Test
    void endOfFileIsNeverUsedUp() {
        FakeSocket socket = f.kernel.newSocket().arrive(3).endOfFile();
        Registration registration = f.reading(socket);
        f.target.told.clear();
        registration.reader().consumed(3);
        registration.reader().exhausted();
        registration.readAgain();

        assertThat(f.turn()).isEqualTo(1);

        assertThat(f.target.last().eof()).isTrue();
        assertThat(f.target.last().data()).isZero();
    }

    @Test
    void anUnknownAmountStaysUnknown() {
        Registration registration = f.reading(f.kernel.newSocket());
        registration.reader().record(Kernel.UNKNOWN, false, 0);

        registration.reader().consumed(10);

        assertThat(registration.reader().available()).isEqualTo(Kernel.UNKNOWN);
        assertThat(registration.reader().ready()).isTrue();
    }

    /** As channels do that ask for the next read when one is done, and are closed right after. */
    @Test
    void aLoopWithNothingButClosedRegistrationsToTellMayWait() {
        Registration closed = f.startReading(f.readableSockets(1)).get(0);
        f.target.onRead = registration -> {
            registration.readAgain();
            registration.close();
        };
        f.turn();
        assertThat(f.engine.hasReady()).isFalse();
        f.kernel.clearLog();
        f.kernel.duringWait(() -> f.engine.wakeup());
        f.turnForever();
        assertThat(f.kernel.lastKevent().mayWait()).isTrue();
        assertThat(f.target.reads()).containsExactly(closed);

        // Its place on the list is nobody else's loss.
        List<Registration> others = f.startReading(f.readableSockets(100));
        f.target.onRead = Registration::readAgain;
        f.turn();
        f.target.onRead = registration -> {};
        f.turn();
        assertThat(f.target.reads()).hasSize(1 + 100 + 100).endsWith(others.toArray(Registration[]::new));
    }
}
