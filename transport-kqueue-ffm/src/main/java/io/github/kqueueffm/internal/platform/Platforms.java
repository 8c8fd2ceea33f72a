// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The platform records there are, and which of them is in use. Every call reads the data files again: whoever needs a
 * record for long keeps it.
 */
public final class Platforms {

    /** {@code <os>-<arch>[-<version>]}: use this record instead of that of the running system. */
    public static final String PROPERTY = "io.github.kqueueffm.platform";

    private static final String TARGETS = "targets";

    /** Architectures whose first byte of a number is the highest, as the JVM spells them. */
    private static final Set<String> BIG_ENDIAN = Set.of("s390x", "ppc64", "sparcv9");

    private final Function<String, @Nullable InputStream> opener;
    private final List<Target> known;

    /** @param opener gives the content of a data file, {@code null} where there is none */
    Platforms(Function<String, @Nullable InputStream> opener) {
        this.opener = opener;
        this.known = readTargets(opener);
    }

    /**
     * The record that the property {@value #PROPERTY} asks for, by default that of the running system.
     *
     * @throws UnknownPlatformException when there is none; the message says what was looked for and what there is
     * @throws IllegalStateException when a data file is missing or wrong
     */
    public static Platform current() {
        String asked = System.getProperty(PROPERTY);
        Platforms platforms = ofThisJar();
        return asked == null ? platforms.forHost(detected()) : platforms.forProperty(asked);
    }

    /** The record of the running system whatever the property says, {@code null} if it is none that we know. */
    public static @Nullable Platform host() {
        Platforms platforms = ofThisJar();
        Target best = platforms.best(detected());
        return best == null ? null : platforms.load(best);
    }

    /**
     * {@code platform}, then the records of the system's other releases that C functions have the same names in, but another
     * struct kevent: those that cannot be told apart by looking a name up.
     */
    public static List<Platform> withTheSameNames(Platform platform) {
        Platforms platforms = ofThisJar();
        List<Platform> found = new ArrayList<>();
        found.add(platform);
        for (Target target : platforms.known) {
            if (target.os().equals(platform.os()) && target.arch().equals(platform.arch())) {
                Platform other = platforms.load(target);
                // Where the struct is the same as well, as on NetBSD before 10 and since, there is nothing to ask a
                // kernel
                if (!other.kevent().equals(platform.kevent()) && other.symbols().equals(platform.symbols())) {
                    found.add(other);
                }
            }
        }
        return found;
    }

    /** The running system as {@code <os>-<arch>-<version>}, known or not. */
    public static String detectedId() {
        return detected().toString();
    }

    /**
     * Whether the record is of another operating system than the running one, as when a kernel is linked as a library: what
     * the C library of the running system exports under the same names then is not what the record describes.
     */
    public static boolean isForeign(Platform platform) {
        return !platform.os().equals(detected().os());
    }

    /** Whether the record is of a machine of the other byte order: native memory is read and written in this machine's. */
    public static boolean hasOtherByteOrder(Platform platform) {
        boolean bigEndian = BIG_ENDIAN.contains(platform.arch());
        return bigEndian != (ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN);
    }

    private static Platforms ofThisJar() {
        // Relative to the class: still found when a shaded jar moves the package, and inside a named module.
        return new Platforms(Platforms.class::getResourceAsStream);
    }

    private static Target detected() {
        return Target.of(
                System.getProperty("os.name", ""),
                System.getProperty("os.arch", ""),
                System.getProperty("os.version", ""));
    }

    Platform forHost(Target host) {
        Target best = best(host);
        if (best == null) {
            throw new UnknownPlatformException(
                    "This system is " + host + ", for which there is no platform data (known: "
                            + knownTargets() + "). A record with the same ABI can be chosen with -D" + PROPERTY
                            + "=<os>-<arch>[-<version>]");
        }
        return load(best);
    }

    Platform forProperty(String asked) {
        Target target;
        try {
            target = Target.parse(asked);
        } catch (IllegalArgumentException e) {
            throw new UnknownPlatformException("-D" + PROPERTY + ": " + e.getMessage());
        }
        Target best = best(target);
        if (best == null) {
            throw new UnknownPlatformException(
                    "-D" + PROPERTY + '=' + asked + ": no platform data for it (known: " + knownTargets() + ")");
        }
        return load(best);
    }

    /**
     * The newest target for {@code wanted} that is not newer. Without a release: the target that holds for all releases,
     * else the newest.
     */
    @Nullable
    Target best(Target wanted) {
        Target best = null;
        boolean any = wanted.version().isEmpty() && known.stream().noneMatch(wanted::equals);
        for (Target target : known) {
            if (target.sameSystem(wanted)
                    && (any || target.isAtMost(wanted))
                    && (best == null || best.isAtMost(target))) {
                best = target;
            }
        }
        return best;
    }

    Platform load(Target target) {
        return PlatformLoader.load(target, opener);
    }

    List<Target> known() {
        return known;
    }

    private String knownTargets() {
        return known.stream().map(Target::toString).collect(Collectors.joining(", "));
    }

    /** A jar cannot be listed, so a file names the targets. */
    private static List<Target> readTargets(Function<String, @Nullable InputStream> opener) {
        try (InputStream in = opener.apply(TARGETS)) {
            if (in == null) {
                throw new IllegalStateException("The list of platform data files, '" + TARGETS
                        + "', is missing; keep the resources of the jar if you repackaged it");
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && line.charAt(0) != '#')
                    .map(Target::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the list of platform data files", e);
        }
    }
}
