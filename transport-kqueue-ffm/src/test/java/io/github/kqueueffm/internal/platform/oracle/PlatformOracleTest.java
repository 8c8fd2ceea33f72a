// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import io.github.kqueueffm.internal.platform.oracle.Comparison.Coverage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every value of every platform record is compared with golang.org/x/sys, with Rust's libc crate, and with what was written down from
 * headers for what these two do not tell. How many values each has confirmed is printed; which ones, and every exemption, is in
 * {@code target/platform-oracle.txt}.
 */
class PlatformOracleTest {

    private static final Map<String, Comparison> COMPARED = new LinkedHashMap<>();

    /** Read once for each target. */
    private static final Map<String, List<Oracle>> ORACLES = new HashMap<>();

    static List<String> targets() {
        return TestPlatforms.ids();
    }

    private static List<Oracle> oracles(Platform platform) {
        return ORACLES.computeIfAbsent(platform.id(), id -> Oracles.of(platform));
    }

    @ParameterizedTest
    @MethodSource("targets")
    void everyValueIsConfirmed(String target) {
        Platform platform = TestPlatforms.named(target);
        Comparison comparison = new Comparison(target, oracles(platform)).with(platform);
        COMPARED.put(target, comparison);
        assertThat(comparison.findings()).isEmpty();
    }

    /** Needs no package: on every system. */
    @ParameterizedTest
    @MethodSource("targets")
    void headersAgree(String target) {
        assertThat(new Comparison(target, List.of())
                        .with(TestPlatforms.named(target))
                        .findings())
                .isEmpty();
    }

    /** There is no value that could be wrong without being found: each is changed once, and taken away once. */
    @ParameterizedTest
    @MethodSource("targets")
    void everyWrongValueIsFound(String target) {
        Platform platform = TestPlatforms.named(target);
        Comparison comparison = new Comparison(target, oracles(platform));
        List<String> unnoticed = new ArrayList<>();
        for (PlatformValue value : PlatformValue.of(platform)) {
            if (value.text() != null) {
                for (PlatformValue wrong : List.of(value.changed(), new PlatformValue(value.name(), null))) {
                    int before = comparison.findings().size();
                    comparison.compare(wrong);
                    if (comparison.findings().size() == before) {
                        unnoticed.add(wrong + " instead of " + value.text());
                    }
                }
            }
        }
        assertThat(unnoticed).isEmpty();
    }

    @AfterAll
    static void report() throws IOException {
        ORACLES.clear();
        if (COMPARED.isEmpty()) {
            return;
        }
        System.out.println(
                "Platform records: values confirmed by both Go and Rust, by one of them, by headers alone (numbers and"
                        + " names; then units and traits, which only people write down)");
        System.out.printf(
                "%-20s %6s %6s %6s %8s %6s %7s %7s%n",
                "record", "both", "Go", "Rust", "headers", "rules", "absent", "exempt");
        List<String> details = new ArrayList<>();
        Map<String, List<String>> neither = new LinkedHashMap<>();
        COMPARED.forEach((target, comparison) -> {
            List<String> headers = comparison.covered(Coverage.HEADERS);
            List<String> numbers =
                    headers.stream().filter(name -> !isRule(name)).toList();
            System.out.printf(
                    "%-20s %6d %6d %6d %8d %6d %7d %7d%n",
                    target,
                    comparison.covered(Coverage.GO_AND_RUST).size(),
                    comparison.covered(Coverage.GO).size(),
                    comparison.covered(Coverage.RUST).size(),
                    numbers.size(),
                    headers.size() - numbers.size(),
                    comparison.absent().size(),
                    comparison.exempt().size());
            neither.computeIfAbsent(String.join(" ", numbers), names -> new ArrayList<>())
                    .add(target);
            details.add(target);
            for (Coverage coverage : Coverage.values()) {
                details.add("  " + coverage + ": " + String.join(" ", comparison.covered(coverage)));
            }
            details.add("  absent: " + String.join(" ", comparison.absent()));
            comparison.exempt().forEach(exempt -> details.add("  exempt: " + exempt));
        });
        neither.forEach((names, targets) ->
                System.out.println("Neither in Go nor in Rust, " + String.join(", ", targets) + ": " + names));
        Files.write(Path.of("target", "platform-oracle.txt"), details);
    }

    private static boolean isRule(String name) {
        return name.startsWith("trait.") || name.endsWith(".unit");
    }
}
