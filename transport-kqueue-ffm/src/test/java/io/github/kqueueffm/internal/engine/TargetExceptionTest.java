// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.FakeSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A target that throws costs nobody else an event, and is not told of the same event again. */
@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKernel")
class TargetExceptionTest {

    private static final class TargetFailure extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final Platform platform;

    TargetExceptionTest(Platform platform) {
        this.platform = platform;
    }

    @Test
    void theRestOfTheBatchIsHandedOutInTheNextTurnWhichAsksTheKernelNothing() {
        EngineFixture f = new EngineFixture(platform);
        List<Registration> three = f.startReading(f.readableSockets(3));
        throwAt(f, three.get(1));

        assertThatThrownBy(f::turn).isInstanceOf(TargetFailure.class);
        assertThat(f.target.reads()).containsExactly(three.get(0), three.get(1));
        assertThat(f.engine.hasReady()).isTrue();
        f.kernel.clearLog();

        assertThat(f.turnForever()).isEqualTo(1);
        assertThat(f.target.reads()).containsExactlyElementsOf(three);
        assertThat(f.kernel.log()).isEmpty();
        assertThat(f.engine.hasReady()).isFalse();
        assertThat(f.turn()).isZero();
    }

    @Test
    void theEventsOfAFlushAreHandedOutOnceEach() {
        EngineFixture f = new EngineFixture(platform, 4);
        List<Registration> all = f.startReading(f.readableSockets(9));
        assertThat(f.kernel.kevents()).hasSize(2);
        throwAt(f, all.get(1), all.get(5));

        assertThatThrownBy(f::turn).isInstanceOf(TargetFailure.class);
        assertThat(f.target.reads()).containsExactlyElementsOf(all.subList(0, 2));
        assertThatThrownBy(f::turn).isInstanceOf(TargetFailure.class);
        assertThat(f.target.reads()).containsExactlyElementsOf(all.subList(0, 6));
        assertThat(f.engine.hasReady()).isTrue();
        assertThat(f.turnForever()).isEqualTo(3);

        assertThat(f.target.reads()).containsExactlyElementsOf(all);
        assertThat(f.engine.hasReady()).isFalse();
        assertThat(f.turn()).isZero();
    }

    @Test
    void theEventsOfAFlushComeAfterABatchThatWasCutShort() {
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
                all.get(4).startReading();
                throw new TargetFailure();
            }
        };

        assertThatThrownBy(f::turn).isInstanceOf(TargetFailure.class);
        assertThat(f.turn()).isEqualTo(3);

        assertThat(f.target.reads()).containsExactlyElementsOf(all.subList(0, 4));
        assertThat(f.turn()).isEqualTo(1);
        assertThat(f.target.reads()).containsExactlyElementsOf(all);
    }

    @Test
    void theRestOfTheReadyListIsKept() {
        EngineFixture f = new EngineFixture(platform);
        List<Registration> three = f.startReading(f.readableSockets(3));
        f.turn();
        f.target.told.clear();
        three.forEach(Registration::readAgain);
        throwAt(f, three.get(0));

        assertThatThrownBy(f::turn).isInstanceOf(TargetFailure.class);
        assertThat(f.engine.hasReady()).isTrue();
        assertThat(f.turnForever()).isEqualTo(2);

        assertThat(f.target.reads()).containsExactlyElementsOf(three);
    }

    @Test
    void anExceptionOfTheLastOneLeavesTheReadyListForTheNextTurn() {
        EngineFixture f = new EngineFixture(platform);
        FakeSocket again = f.kernel.newSocket();
        FakeSocket failing = f.kernel.newSocket();
        Registration ready = f.reading(again.arrive(1));
        Registration thrower = f.reading(failing);
        f.target.told.clear();
        ready.readAgain();
        failing.arrive(1);
        throwAt(f, thrower);

        assertThatThrownBy(f::turn).isInstanceOf(TargetFailure.class);
        assertThat(f.turnForever()).isEqualTo(1);

        assertThat(f.target.reads()).containsExactly(thrower, ready);
    }

    @Test
    void anExceptionAtARefusalKeepsTheOtherRefusals() {
        EngineFixture f = new EngineFixture(platform);
        List<FakeSocket> sockets = f.readableSockets(3);
        List<Registration> three = f.startReading(sockets);
        sockets.forEach(socket -> f.kernel.close(socket.fd()));
        f.target.onRefused = registration -> {
            if (registration == three.get(0)) {
                throw new TargetFailure();
            }
        };

        assertThatThrownBy(f::turn).isInstanceOf(TargetFailure.class);
        f.turn();

        assertThat(f.target.of(RecordingTarget.Kind.REFUSED)).containsExactlyElementsOf(three);
    }

    @Test
    void aWriteThatThrewCanBeArmedAgain() {
        EngineFixture f = new EngineFixture(platform);
        Registration registration = f.register(f.kernel.newSocket());
        registration.armWrite();
        f.target.onWrite = told -> {
            throw new TargetFailure();
        };
        assertThatThrownBy(f::turn).isInstanceOf(TargetFailure.class);
        f.target.onWrite = told -> {};

        registration.armWrite();

        assertThat(f.changesOfATurn()).containsExactly(f.writeArmed(registration));
        assertThat(f.target.writes()).hasSize(2);
    }

    private static void throwAt(EngineFixture f, Registration... throwers) {
        List<Registration> failing = List.of(throwers);
        f.target.onRead = registration -> {
            if (failing.contains(registration)) {
                throw new TargetFailure();
            }
        };
    }
}
