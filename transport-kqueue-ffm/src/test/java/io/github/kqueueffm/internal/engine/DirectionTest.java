// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.FakeSocket;
import io.github.kqueueffm.testing.Flavour;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** End of file, errno and amounts are of one direction. */
@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKernel")
class DirectionTest {

    private final Platform platform;
    private final EngineFixture f;
    private FakeSocket socket;
    private Registration registration;

    DirectionTest(Platform platform) {
        this.platform = platform;
        f = new EngineFixture(platform);
    }

    @BeforeEach
    void register() {
        socket = f.kernel.newSocket().room(0);
        registration = f.register(socket);
        registration.startReading();
        registration.armWrite();
        f.turn();
        assertThat(f.target.told).isEmpty();
    }

    @Test
    void onesOwnShutdownIsAnEndOfWritingOnly() {
        socket.shutWrite();
        assertThat(f.turn()).isEqualTo(1);

        assertThat(f.target.writes()).containsExactly(registration);
        assertThat(registration.writer().eof()).isTrue();
        assertThat(registration.reader().eof()).isFalse();
        assertThat(registration.reader().ready()).isFalse();
    }

    @Test
    void thePeersFinIsAnEndOfReadingOnly() {
        socket.arrive(12).endOfFile();
        assertThat(f.turn()).isEqualTo(1);

        assertThat(f.target.reads()).containsExactly(registration);
        assertThat(registration.reader().eof()).isTrue();
        assertThat(registration.reader().errno()).isZero();
        assertThat(registration.reader().available()).isEqualTo(12);
        assertThat(registration.writer().eof()).isFalse();
        assertThat(registration.writer().ready()).isFalse();
        assertThat(registration.writer().available()).isZero();
    }

    @Test
    void aResetIsToldInBothWithWhatIsLeftToRead() {
        socket.arrive(4).fail(platform.errno().ECONNRESET());
        assertThat(f.turn()).isEqualTo(2);

        for (Knote knote : new Knote[] {registration.reader(), registration.writer()}) {
            assertThat(knote.eof()).isTrue();
            assertThat(knote.errno()).isEqualTo(platform.errno().ECONNRESET());
        }
        assertThat(registration.reader().available()).isEqualTo(4);
        assertThat(registration.writer().available()).isZero();
    }

    /** EV_NODATA and EV_HUP: bits that no other system gives a meaning. */
    @Test
    void theMarksThatDragonflyPutsBesideAnEndChangeNothing() {
        f.kernel.flavour(Flavour.DRAGONFLY);
        socket.fail(platform.errno().ECONNRESET());
        assertThat(f.turn()).isEqualTo(2);

        assertThat(f.kernel.lastKevent().events())
                .hasSize(2)
                .allMatch(event -> (event.flags() & 0x1800) == 0x1800 && (event.flags() & f.c.EV_EOF()) != 0);
        for (Knote knote : new Knote[] {registration.reader(), registration.writer()}) {
            assertThat(knote.eof()).isTrue();
            assertThat(knote.errno()).isEqualTo(platform.errno().ECONNRESET());
            assertThat(knote.available()).isZero();
        }
    }

    @Test
    void amountsAreOfOneDirection() {
        socket.arrive(5).room(77);
        f.turn();

        assertThat(registration.reader().available()).isEqualTo(5);
        assertThat(registration.writer().available()).isEqualTo(77);
        registration.reader().consumed(5);
        assertThat(registration.writer().ready()).isTrue();
        assertThat(registration.writer().available()).isEqualTo(77);
    }

    @Test
    void anErrorThatWasToldOnceIsKeptWhenALaterEventHasNone() {
        socket.fail(platform.errno().ECONNRESET());
        f.turn();
        // The kernel tells it once: after SO_ERROR was read, an event says end of file with errno 0.
        registration.reader().record(0, true, 0);

        assertThat(registration.reader().errno()).isEqualTo(platform.errno().ECONNRESET());
        assertThat(registration.reader().eof()).isTrue();
    }
}
