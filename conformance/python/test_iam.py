"""boto3 against IAM and STS: a user may do exactly what its policies say, a role's session what the role may."""

import json
import uuid

import boto3
import pytest
from botocore.exceptions import ClientError

ACCOUNT = "000000000000"


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions, resource="*", **more):
    return dict(Effect="Allow", Action=actions, Resource=resource, **more)


@pytest.fixture
def user(aws):
    """A user with an access key of its own, and whatever has to be taken away again."""
    iam = aws("iam")
    name = "user-" + uuid.uuid4().hex[:12]
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    yield name, key
    for policy in iam.list_user_policies(UserName=name)["PolicyNames"]:
        iam.delete_user_policy(UserName=name, PolicyName=policy)
    for policy in iam.list_attached_user_policies(UserName=name)["AttachedPolicies"]:
        iam.detach_user_policy(UserName=name, PolicyArn=policy["PolicyArn"])
    iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName=name)


def signed(endpoint, service, key):
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        aws_session_token=key.get("SessionToken"),
    )


def refusal(call):
    with pytest.raises(ClientError) as refused:
        call()
    return refused.value.response["Error"]


def test_a_user_may_do_what_its_policy_says_and_nothing_else(aws, endpoint, user):
    name, key = user
    mine = signed(endpoint, "iam", key)
    arn = f"arn:aws:iam::{ACCOUNT}:user/{name}"
    assert signed(endpoint, "sts", key).get_caller_identity()["Arn"] == arn
    assert refusal(mine.list_users) == {
        "Type": "Sender",
        "Code": "AccessDenied",
        "Message": f"User: {arn} is not authorized to perform: iam:ListUsers on resource: * because no"
        " identity-based policy allows the iam:ListUsers action",
    }

    aws("iam").put_user_policy(
        UserName=name, PolicyName="reads", PolicyDocument=document(allow("iam:ListUsers"))
    )

    assert name in [user["UserName"] for user in mine.list_users()["Users"]]
    assert refusal(mine.list_roles)["Code"] == "AccessDenied"

    aws("iam").put_user_policy(
        UserName=name,
        PolicyName="never",
        PolicyDocument=document(dict(Effect="Deny", Action="iam:*", Resource="*")),
    )

    assert refusal(mine.list_users)["Message"].endswith("with an explicit deny in an identity-based policy")


def test_a_user_may_act_on_itself_by_a_policy_variable(aws, endpoint, user):
    name, key = user
    own = "arn:aws:iam::*:user/${aws:username}"
    aws("iam").put_user_policy(
        UserName=name, PolicyName="own", PolicyDocument=document(allow("iam:GetUser", own))
    )

    mine = signed(endpoint, "iam", key)

    assert mine.get_user()["User"]["UserName"] == name
    assert refusal(lambda: mine.get_user(UserName="another"))["Code"] == "AccessDenied"


def test_policies_of_aws_decide_about_other_services(aws, endpoint, user):
    name, key = user
    bedrock = signed(endpoint, "bedrock", key)
    assert refusal(bedrock.list_foundation_models)["Code"] == "AccessDeniedException"

    aws("iam").attach_user_policy(
        UserName=name, PolicyArn="arn:aws:iam::aws:policy/AmazonBedrockReadOnly"
    )

    assert bedrock.list_foundation_models()["modelSummaries"]


def test_an_inactive_key_signs_nothing(aws, endpoint, user):
    name, key = user
    aws("iam").update_access_key(
        UserName=name, AccessKeyId=key["AccessKeyId"], Status="Inactive"
    )

    assert refusal(signed(endpoint, "sts", key).get_caller_identity)["Code"] == "InvalidClientTokenId"


def test_a_role_is_assumed_and_its_session_policy_narrows_it(aws, endpoint, user):
    name, key = user
    iam = aws("iam")
    role = "role-" + uuid.uuid4().hex[:12]
    trust = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/{name}"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": "42"}},
        },
    }
    arn = iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    assert iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"] == trust
    iam.put_role_policy(
        RoleName=role, PolicyName="reads", PolicyDocument=document(allow(["iam:ListUsers", "iam:ListRoles"]))
    )
    sts = signed(endpoint, "sts", key)
    assert refusal(lambda: sts.assume_role(RoleArn=arn, RoleSessionName="session"))["Code"] == "AccessDenied"

    assumed = sts.assume_role(
        RoleArn=arn, RoleSessionName="session", ExternalId="42", Policy=document(allow("iam:ListUsers"))
    )

    session = signed(endpoint, "iam", assumed["Credentials"])
    assert session.list_users()["Users"]
    assert refusal(session.list_roles)["Message"] == (
        f"User: arn:aws:sts::{ACCOUNT}:assumed-role/{role}/session is not authorized to perform: iam:ListRoles on"
        " resource: * because no session policy allows the iam:ListRoles action"
    )
    tampered = dict(assumed["Credentials"], SessionToken="x" + assumed["Credentials"]["SessionToken"])
    assert refusal(signed(endpoint, "sts", tampered).get_caller_identity)["Code"] == "InvalidClientTokenId"
    iam.delete_role_policy(RoleName=role, PolicyName="reads")
    iam.delete_role(RoleName=role)


def test_errors_are_those_of_iam(aws):
    iam = aws("iam")

    assert refusal(lambda: iam.get_user(UserName="nobody")) == {
        "Type": "Sender",
        "Code": "NoSuchEntity",
        "Message": "The user with name nobody cannot be found.",
    }
    assert refusal(lambda: iam.create_policy(PolicyName="p", PolicyDocument="{"))["Code"] == (
        "MalformedPolicyDocument"
    )


def test_policies_can_be_simulated(aws):
    results = aws("iam").simulate_custom_policy(
        PolicyInputList=[document(allow("s3:Get*", "arn:aws:s3:::bucket/*"))],
        ActionNames=["s3:GetObject", "s3:PutObject"],
        ResourceArns=["arn:aws:s3:::bucket/key"],
    )["EvaluationResults"]

    assert [(result["EvalActionName"], result["EvalDecision"]) for result in results] == [
        ("s3:GetObject", "allowed"),
        ("s3:PutObject", "implicitDeny"),
    ]


def test_policies_have_versions_and_groups_pass_on_what_they_may(aws, endpoint, user):
    name, key = user
    iam = aws("iam")
    group = "group-" + uuid.uuid4().hex[:12]
    arn = iam.create_policy(
        PolicyName="policy-" + group, PolicyDocument=document(allow("iam:ListUsers"))
    )["Policy"]["Arn"]
    iam.create_group(GroupName=group)
    iam.attach_group_policy(GroupName=group, PolicyArn=arn)
    iam.add_user_to_group(GroupName=group, UserName=name)
    mine = signed(endpoint, "iam", key)
    assert mine.list_users()["Users"]

    version = iam.create_policy_version(
        PolicyArn=arn, PolicyDocument=document(allow("iam:ListRoles")), SetAsDefault=True
    )["PolicyVersion"]

    assert version["VersionId"] == "v2"
    assert mine.list_roles()["Roles"] is not None
    assert refusal(mine.list_users)["Code"] == "AccessDenied"
    assert refusal(lambda: iam.delete_policy(PolicyArn=arn))["Code"] == "DeleteConflict"
    assert iam.get_account_summary()["SummaryMap"]["Groups"] >= 1
    iam.remove_user_from_group(GroupName=group, UserName=name)
    iam.detach_group_policy(GroupName=group, PolicyArn=arn)
    iam.delete_group(GroupName=group)
    iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    iam.delete_policy(PolicyArn=arn)


def test_a_login_profile_needs_a_good_password(aws, user):
    name, _ = user
    iam = aws("iam")

    assert refusal(lambda: iam.create_login_profile(UserName=name, Password="short"))["Code"] == (
        "PasswordPolicyViolation"
    )
    iam.create_login_profile(UserName=name, Password="Long-enough-1")

    assert iam.get_login_profile(UserName=name)["LoginProfile"]["UserName"] == name
    iam.delete_login_profile(UserName=name)


def test_lists_come_in_pages(aws):
    pages = list(
        aws("iam").get_paginator("list_policies").paginate(Scope="AWS", PaginationConfig={"PageSize": 10})
    )

    names = [policy["PolicyName"] for page in pages for policy in page["Policies"]]
    assert len(pages) > 3
    assert names == sorted(set(names))
    assert "AdministratorAccess" in names
