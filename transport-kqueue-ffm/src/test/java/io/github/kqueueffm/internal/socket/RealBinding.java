// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.BindingLoader;
import io.github.kqueueffm.internal.sys.BindingUnavailableException;

/** The binding that the build asks for. */
public final class RealBinding {

    public static final Binding BINDING = load();

    private RealBinding() {}

    private static Binding load() {
        try {
            return BindingLoader.load();
        } catch (BindingUnavailableException e) {
            throw new AssertionError(e);
        }
    }
}
