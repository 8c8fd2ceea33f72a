// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform.oracle;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Go's tables and Rust's crate, where Debian puts them: {@code apt-get install golang-golang-x-sys-dev librust-libc-dev}. The
 * packages hold source text, the same on all architectures; neither a Go nor a Rust compiler is needed.
 */
final class Oracles {

    private static final Path GO = Path.of("/usr/share/gocode/src/golang.org/x/sys/unix");
    private static final Path CRATES = Path.of("/usr/share/cargo/registry");
    private static final Path DEBIAN = Path.of("/etc/debian_version");
    private static final String HOW = "apt-get install golang-golang-x-sys-dev librust-libc-dev";

    private static final Map<String, String> GO_ARCHITECTURES = Map.of("loongarch64", "loong64");
    private static final Map<String, String> RUST_ARCHITECTURES =
            Map.of("amd64", "x86_64", "arm64", "aarch64", "ppc64le", "powerpc64", "ppc64", "powerpc64");
    private static final Set<String> BIG_ENDIAN = Set.of("s390x", "ppc64");

    /** The releases that the crate tells apart, of which a record holds for its own and those up to the next record's. */
    private static final List<Integer> FREEBSD = List.of(11, 12, 13, 14);

    private Oracles() {}

    /**
     * What there is for the target of {@code platform}. Skips the test that asks where there is no Debian to install the packages
     * from, and fails it where they only were not installed.
     */
    static List<Oracle> of(Platform platform) {
        Path crate = crate();
        if (crate == null || !Files.isDirectory(GO)) {
            return Files.exists(DEBIAN)
                    ? fail("The platform records are compared with two packages of Debian, which are missing: " + HOW)
                    : abort("The platform records are not compared with Go's and Rust's: on Debian or Ubuntu, " + HOW);
        }
        try {
            List<Oracle> oracles = new ArrayList<>();
            GoPackage go =
                    GoPackage.read(GO, platform.os(), GO_ARCHITECTURES.getOrDefault(platform.arch(), platform.arch()));
            if (go != null) {
                oracles.add(go);
            }
            for (String variant : variants(platform)) {
                String name = variant.isEmpty() ? "rust" : "rust-" + variant;
                oracles.add(RustCrate.read(crate, rustTarget(platform, variant), name));
            }
            return oracles;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The C libraries, or releases, that a record is for and that the crate tells apart. */
    private static List<String> variants(Platform platform) {
        return switch (platform.os()) {
            case "linux" -> List.of("gnu", "musl");
            case "freebsd" -> {
                int first = release(platform.version());
                int next = TestPlatforms.ids().stream()
                        .filter(id -> id.startsWith("freebsd-" + platform.arch() + '-'))
                        .mapToInt(id -> release(id.substring(id.lastIndexOf('-') + 1)))
                        .filter(release -> release > first)
                        .min()
                        .orElse(Integer.MAX_VALUE);
                yield FREEBSD.stream()
                        .filter(release -> release >= first && release < next)
                        .map(release -> "freebsd" + release)
                        .toList();
            }
            default -> List.of("");
        };
    }

    private static int release(String version) {
        return Integer.parseInt(version.replaceAll("\\..*", ""));
    }

    private static RustTarget rustTarget(Platform platform, String variant) {
        return new RustTarget(
                platform.os().equals("darwin") ? "macos" : platform.os(),
                RUST_ARCHITECTURES.getOrDefault(platform.arch(), platform.arch()),
                platform.os().equals("linux") ? variant : "",
                BIG_ENDIAN.contains(platform.arch()),
                Set.of(variant));
    }

    /** The folder has the version in its name. */
    private static @Nullable Path crate() {
        TreeSet<Path> found = new TreeSet<>();
        if (Files.isDirectory(CRATES)) {
            try (DirectoryStream<Path> folders = Files.newDirectoryStream(CRATES, "libc-*")) {
                folders.forEach(found::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found.isEmpty() ? null : found.last();
    }
}
