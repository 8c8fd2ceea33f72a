// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageTest {
    @ParameterizedTest
    @CsvSource({
        "/plaintext, PLAINTEXT",
        "/plaintext?a=b, PLAINTEXT",
        "http://host:80/plaintext, PLAINTEXT",
        "http://host, HELP",
        "/json, JSON",
        "/, HELP",
        "/?, HELP",
        "/plaintextx, NOT_FOUND",
        "/plaintext/, NOT_FOUND",
        "/a%zz, NOT_FOUND",
        "*, NOT_FOUND"
    })
    void isFoundByTheTargetOfARequest(String target, Page page) {
        assertThat(Page.of(target)).isEqualTo(page);
    }
}
