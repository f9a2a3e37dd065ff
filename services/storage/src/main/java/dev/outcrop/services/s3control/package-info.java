/**
 * AWS S3 Control: Block Public Access of accounts, and access points, which answer 501 where a VPC is wanted. Access grants, batch jobs, Storage Lens and S3 on
 * Outposts answer 501.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_AWS_S3_Control.html">AWS S3 Control API
 *     reference</a>
 */
package dev.outcrop.services.s3control;
