// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AcceptFilterTest {

    @Test
    void isAValue() {
        AcceptFilter filter = new AcceptFilter("httpready", "args");
        assertThat(filter.filterName()).isEqualTo("httpready");
        assertThat(filter.filterArgs()).isEqualTo("args");
        assertThat(filter)
                .isEqualTo(new AcceptFilter("httpready", "args"))
                .hasSameHashCodeAs(new AcceptFilter("httpready", "args"))
                .isNotEqualTo(new AcceptFilter("httpready", ""))
                .isNotEqualTo(new AcceptFilter("dataready", "args"))
                .hasToString("httpready args");
        assertThat(new AcceptFilter("dataready", "")).hasToString("dataready");
    }

    @SuppressWarnings({"DataFlowIssue", "NullAway"}) // The point of the test.
    @Test
    void takesNoNull() {
        assertThatThrownBy(() -> new AcceptFilter(null, "")).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> new AcceptFilter("", null)).isInstanceOf(NullPointerException.class);
    }
}
