// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.Platforms;
import io.github.kqueueffm.internal.platform.Targets;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A record of a machine with the other byte order is refused: everything that is written to native memory is in this one's. */
class ByteOrderTest {

    @Test
    void theOtherByteOrderIsRefused() {
        List<Platform> others = Targets.all().stream()
                .filter(platform -> Targets.byteOrder(platform) != ByteOrder.nativeOrder())
                .toList();
        assertThat(others).extracting(Platforms::hasOtherByteOrder).isNotEmpty().containsOnly(true);
        String before = System.getProperty(Platforms.PROPERTY);
        try {
            for (Platform platform : others) {
                System.setProperty(Platforms.PROPERTY, platform.id());
                assertThatThrownBy(BindingLoader::load)
                        .isInstanceOf(BindingUnavailableException.class)
                        .hasMessageContaining(
                                "platform record " + platform.id() + " is that of a machine with the other");
            }
        } finally {
            if (before == null) {
                System.clearProperty(Platforms.PROPERTY);
            } else {
                System.setProperty(Platforms.PROPERTY, before);
            }
        }
    }

    @Test
    void theOthersAreNot() {
        assertThat(Targets.all().stream().filter(platform -> Targets.byteOrder(platform) == ByteOrder.nativeOrder()))
                .extracting(Platforms::hasOtherByteOrder)
                .isNotEmpty()
                .containsOnly(false);
    }
}
