// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

/** The library could be loaded but lacks functions that the transport cannot do without. The message names them all. */
public final class MissingFunctionsError extends UnsatisfiedLinkError {

    private static final long serialVersionUID = 1L;

    MissingFunctionsError(String message) {
        super(message);
    }
}
