// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform.oracle;

import org.jspecify.annotations.Nullable;

/** Somebody else's statement of what one system's headers say. {@code null} is no answer, which says nothing. */
interface Oracle {

    /** For messages: {@code go}, {@code rust}, {@code headers}. */
    String name();

    /** A macro or an enumerator, or what it is called here. */
    @Nullable
    Long constant(String name);

    @Nullable
    CStruct struct(String name);

    /** The name that a C function is looked up under. */
    @Nullable
    String symbol(String function);
}
