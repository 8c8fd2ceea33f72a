// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

/**
 * No binding to the C library works in this JVM. The message tells what was tried, why each failed and what would help; the
 * failures themselves are the suppressed exceptions.
 */
public final class BindingUnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    BindingUnavailableException(String message) {
        super(message);
    }
}
