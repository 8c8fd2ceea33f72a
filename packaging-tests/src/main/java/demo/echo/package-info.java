// SPDX-License-Identifier: Apache-2.0

/** An application that the tests of this module pack in different ways. */
package demo.echo;
