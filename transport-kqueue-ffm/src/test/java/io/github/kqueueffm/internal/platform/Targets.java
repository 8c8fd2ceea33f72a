// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.DomainContextBase;

/** All platform records as a domain of jqwik: a parameter {@code @ForAll Platform} is each of them. */
public final class Targets extends DomainContextBase {

    private static final Map<String, Platform> LOADED = new ConcurrentHashMap<>();
    private static final Set<String> BIG_ENDIAN = Set.of("s390x", "ppc64");

    @Provide
    Arbitrary<Platform> platforms() {
        return Arbitraries.of(all()).withoutEdgeCases();
    }

    /** Each record, read once. */
    public static List<Platform> all() {
        return TestPlatforms.ids().stream()
                .map(id -> LOADED.computeIfAbsent(id, TestPlatforms::named))
                .toList();
    }

    /** Of the architecture that a record is for. */
    public static ByteOrder byteOrder(Platform platform) {
        return BIG_ENDIAN.contains(platform.arch()) ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }
}
