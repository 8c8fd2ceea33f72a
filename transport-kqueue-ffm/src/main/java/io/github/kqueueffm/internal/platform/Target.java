// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

import java.util.Locale;

/**
 * What a platform record is for or is asked for: {@code netbsd-amd64}, {@code netbsd-amd64-10.1}.
 *
 * @param os in our spelling: {@code linux}, {@code netbsd}, {@code darwin}, ...
 * @param arch in our spelling: {@code amd64}, {@code arm64}, else as the JVM spells it
 * @param version release, empty for none in particular
 */
record Target(String os, String arch, String version) {

    /** Reads {@code <os>-<arch>[-<version>]}. */
    static Target parse(String text) {
        String[] parts = text.split("-", 3);
        if (parts.length < 2) {
            throw new IllegalArgumentException("'" + text + "' is not <os>-<arch>[-<version>], such as netbsd-amd64");
        }
        return of(parts[0], parts[1], parts.length == 3 ? parts[2] : "");
    }

    /** Takes the spellings that JVMs, package managers and uname(1) use, as in {@code Mac OS X} and {@code x86_64}. */
    static Target of(String osName, String archName, String version) {
        String os = osName.toLowerCase(Locale.ROOT);
        String arch = archName.toLowerCase(Locale.ROOT);
        return new Target(
                switch (os) {
                    case "mac os x", "macos" -> "darwin";
                    case "dragonflybsd" -> "dragonfly";
                    default -> os;
                },
                switch (arch) {
                    case "x86_64", "x86-64", "x64" -> "amd64";
                    case "aarch64" -> "arm64";
                    default -> arch;
                },
                version);
    }

    boolean sameSystem(Target other) {
        return os.equals(other.os) && arch.equals(other.arch);
    }

    /** Whether this target's release is the same as the other's, or an earlier one. No release is before every other. */
    boolean isAtMost(Target other) {
        return compareReleases(version, other.version) <= 0;
    }

    /**
     * Compares the numbers at the beginning: {@code 10.1_STABLE} is 10.1, {@code 14.3-RELEASE} is 14.3, and a missing
     * number is 0.
     */
    static int compareReleases(String left, String right) {
        int l = 0;
        int r = 0;
        while (true) {
            int leftEnd = digits(left, l);
            int rightEnd = digits(right, r);
            if (leftEnd == l && rightEnd == r) {
                return Boolean.compare(!left.isEmpty(), !right.isEmpty());
            }
            int difference = Long.compare(number(left, l, leftEnd), number(right, r, rightEnd));
            if (difference != 0) {
                return difference;
            }
            l = afterDot(left, leftEnd);
            r = afterDot(right, rightEnd);
        }
    }

    private static int digits(String text, int from) {
        int end = from;
        // 18 digits always fit a long; no release has more
        while (end < text.length() && end - from < 18 && Character.digit(text.charAt(end), 10) >= 0) {
            end++;
        }
        return end;
    }

    private static long number(String text, int from, int to) {
        return from == to ? 0 : Long.parseLong(text, from, to, 10);
    }

    private static int afterDot(String text, int end) {
        return end < text.length() && text.charAt(end) == '.' ? end + 1 : text.length();
    }

    @Override
    public String toString() {
        return version.isEmpty() ? os + '-' + arch : os + '-' + arch + '-' + version;
    }
}
