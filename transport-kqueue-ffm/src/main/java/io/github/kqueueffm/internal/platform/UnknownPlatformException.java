// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

/** There is no platform data for the running or the requested system. */
public final class UnknownPlatformException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnknownPlatformException(String message) {
        super(message);
    }
}
