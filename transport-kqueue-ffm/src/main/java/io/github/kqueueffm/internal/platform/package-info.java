// SPDX-License-Identifier: Apache-2.0

/**
 * What differs between operating systems, architectures and releases, as data.
 *
 * <p>Each target has a text file next to these classes ({@code linux-amd64.abi}, ...) that {@link
 * io.github.kqueueffm.internal.platform.Platforms} reads into one immutable {@link
 * io.github.kqueueffm.internal.platform.Platform} record. No other package asks which system it runs on.
 */
@NullMarked
package io.github.kqueueffm.internal.platform;

import org.jspecify.annotations.NullMarked;
