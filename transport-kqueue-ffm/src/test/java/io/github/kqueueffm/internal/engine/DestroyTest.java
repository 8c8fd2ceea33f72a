// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.Call;
import io.github.kqueueffm.testing.FakeSocket;
import io.github.kqueueffm.testing.ScriptedKernel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKernel")
class DestroyTest {

    private final Platform platform;

    DestroyTest(Platform platform) {
        this.platform = platform;
    }

    @Test
    void whatTheEngineOpenedIsClosedOnce() {
        for (String waker : List.of("user", "pipe")) {
            EngineFixture f = new EngineFixture(new ScriptedKernel(platform), 16, waker);
            int opened = f.kernel.openDescriptors().size();

            f.engine.destroy();
            f.engine.destroy();

            assertThat(f.kernel.openDescriptors()).isEmpty();
            assertThat(f.kernel.log())
                    .hasSize(opened)
                    .allMatch(call -> call.function() == CFunction.CLOSE && call.result() == 0);
        }
    }

    @Test
    void registrationsEndWithoutBeingToldAndTheirDescriptorsStayOpen() {
        EngineFixture f = new EngineFixture(platform);
        FakeSocket socket = f.kernel.newSocket().arrive(1);
        Registration registration = f.register(socket);
        registration.startReading();

        f.engine.destroy();

        assertThat(registration.isOpen()).isFalse();
        assertThat(f.engine.registrations()).isZero();
        assertThat(f.target.told).isEmpty();
        assertThat(f.kernel.openDescriptors()).containsExactly(socket.fd());
        assertThat(f.kernel.log()).extracting(Call::function).containsOnly(CFunction.CLOSE);
    }

    @Test
    void nothingCanBeRegisteredAfterwards() {
        EngineFixture f = new EngineFixture(platform);
        f.engine.destroy();

        assertThatThrownBy(() -> f.engine.register(1, FilterKind.EDGE, f.target))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void openRegistrationsCanBeLookedThroughBefore() {
        EngineFixture f = new EngineFixture(platform);
        Registration first = f.register(f.kernel.newSocket());
        Registration second = f.register(f.kernel.newSocket());
        Registration third = f.register(f.kernel.newSocket());
        second.close();

        assertThat(f.engine.snapshot()).containsExactlyInAnyOrder(first, third);
        assertThat(f.engine.registrations()).isEqualTo(2);
        assertThat(f.engine.slotExtent()).isEqualTo(3);
        assertThat(f.engine.registrationAt(1)).isNull();
        assertThat(f.engine.registrationAt(2)).isSameAs(third);
        assertThat(f.engine.backend()).isEqualTo("kqueue");
    }
}
