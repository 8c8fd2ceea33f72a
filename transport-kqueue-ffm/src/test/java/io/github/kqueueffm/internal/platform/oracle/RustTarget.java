// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform.oracle;

import java.util.Set;

/**
 * What the predicates of {@code cfg} attributes are true for.
 *
 * @param os as rustc spells it, as are {@code arch} and {@code env}
 * @param flags set without a value, as {@code freebsd13} is
 */
record RustTarget(String os, String arch, String env, boolean bigEndian, Set<String> flags) {

    /** What the build script of the libc crate sets for every compiler of the last years. */
    private static final Set<String> RECENT_COMPILER = Set.of(
            "unix",
            "libc_priv_mod_use",
            "libc_union",
            "libc_const_size_of",
            "libc_align",
            "libc_int128",
            "libc_core_cvoid",
            "libc_packedN",
            "libc_cfg_target_vendor",
            "libc_non_exhaustive",
            "libc_ptr_addr_of",
            "libc_underscore_const_names",
            "libc_const_extern_fn");

    /** Goes past a predicate, and says whether it holds. */
    boolean holds(RustTokens predicate) {
        String name = predicate.next();
        if (predicate.peek().equals("(")) {
            RustTokens parts = predicate.bracket();
            boolean any = false;
            boolean all = true;
            while (!parts.atEnd()) {
                boolean holds = holds(parts);
                any |= holds;
                all &= holds;
                parts.skip(",");
            }
            return switch (name) {
                case "any" -> any;
                case "all" -> all;
                case "not" -> !any;
                default -> throw new IllegalStateException("Predicate " + name + " of cfg is not known");
            };
        }
        if (predicate.skip("=")) {
            String quoted = predicate.next();
            return quoted.equals('"' + value(name) + '"');
        }
        return flags.contains(name) || RECENT_COMPILER.contains(name);
    }

    private String value(String name) {
        return switch (name) {
            case "target_os" -> os;
            case "target_arch" -> arch;
            case "target_env" -> env;
            case "target_vendor" -> os.equals("macos") ? "apple" : "unknown";
            case "target_endian" -> bigEndian ? "big" : "little";
            case "target_pointer_width" -> "64";
            case "target_family" -> "unix";
            // Features of the crate, none of which changes a value; and things of other systems.
            default -> "";
        };
    }
}
